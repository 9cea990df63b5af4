"""The variable AWS_LAMBDA_EXEC_WRAPPER names no file that is there.

The managed runtimes start that file in their own stead, with their own command line as its arguments. Without it they end at once,
and the log has only ``Runtime exited with error: exit status 127`` (``Runtime.ExitError``). Most often the layer
that brings the file was not added, or the path lacks its /opt.

Fix: add the layer that brings it, or remove the variable.

Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html
"""

from collections.abc import Iterator

from lambdalint import Hit, Phase, Resolution, Severity, rule
from lambdalint.handlers import Sort


@rule("LL809", "exec-wrapper-missing", Severity.ERROR, Phase.INIT)
def exec_wrapper_missing(resolution: Resolution) -> Iterator[Hit]:
    yield from resolution.of(Sort.WRAPPER)
