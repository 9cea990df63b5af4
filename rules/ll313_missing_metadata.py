"""Code asks for the metadata of a distribution, and only its modules were packaged.

``importlib.metadata.version("openai")`` reads the ``openai-*.dist-info`` directory beside the code. Tools that slim packages
often drop these directories: ``Unable to import module 'app': No package metadata was found for openai``. Only calls that
run while the code loads are looked at, with the name written out and not in a ``try``.

Fix: keep the ``*.dist-info`` directories (serverless-python-requirements: leave them out of ``slimPatterns``).

Source: https://docs.python.org/3/library/importlib.metadata.html
"""

from collections.abc import Iterator

from lambdalint import Hit, Phase, Resolution, Severity, rule
from lambdalint.handlers import Sort


@rule("LL313", "missing-metadata", Severity.WARNING, Phase.INIT)
def missing_metadata(resolution: Resolution) -> Iterator[Hit]:
    yield from resolution.of(Sort.METADATA)
