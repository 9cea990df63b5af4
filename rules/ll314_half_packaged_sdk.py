"""A part of the AWS SDK for Python comes from the package, and another from the runtime.

The package's modules come before the runtime's, so that ``boto3`` of one meets ``botocore`` of the other. On Python 3.10 and
before, a urllib3 2 that came with another library breaks an older botocore of the runtime: ``cannot import name
'DEFAULT_CIPHERS' from 'urllib3.util.ssl_'``. The runtime's SDK is renewed without notice, so this may fail, or begin to.

Fix: package boto3 with all it needs, ``pip install --target . boto3``, or none of it.

Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html
https://github.com/aws/aws-lambda-base-images/issues/118
"""

from collections.abc import Iterator

from lambdalint import Hit, Phase, Resolution, Severity, rule
from lambdalint.handlers import Sort


@rule("LL314", "half-packaged-sdk", Severity.WARNING, Phase.INIT)
def half_packaged_sdk(resolution: Resolution) -> Iterator[Hit]:
    yield from resolution.of(Sort.SDK)
