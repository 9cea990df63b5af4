"""The file is something other than a package.

Lambda takes a zip archive or a container image. Base64 text, a gzipped tar, a web page that a failed download left
behind, a Git-LFS pointer or a state file all upload without complaint from the tool that sends them, and AWS answers
``InvalidParameterValueException: Could not unzip uploaded file. Please check your file, then try to upload again.``

Fix: make the archive again from the folder with the code in it: ``cd build && zip -r ../function.zip .``

Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-function-zip.html
"""

from collections.abc import Iterator

from lambdalint import Archive, Hit, Phase, Severity, rule
from lambdalint.aws import errors
from lambdalint.readers import flaws


@rule("LL101", "not-a-package", Severity.ERROR, Phase.UPLOAD)
def not_a_package(archive: Archive) -> Iterator[Hit]:
    for flaw in archive.of(flaws.NotAPackage):
        yield Hit(None, f"this is {flaw.what}, not a package", aws=errors.COULD_NOT_UNZIP, fix=flaw.fix)
    for other in archive.of(flaws.NotAnImage):
        yield Hit(None, f"this is {other.what}, not an image", fix="give the image itself: docker save NAME -o image.tar")
