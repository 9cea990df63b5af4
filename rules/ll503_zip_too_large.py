"""The zip is too large to be sent to Lambda directly.

A zip that goes to the API in the request itself, as with ``aws lambda update-function-code --zip-file``, must be smaller than
52,428,800 bytes (50 MB): ``RequestEntityTooLargeException: Zipped size must be smaller than 52428800 bytes``. A layer is
stopped by the size of the request, its zip as base64 text: ``Request must be smaller than 70167211 bytes for the
PublishLayerVersion operation``. Over S3 only the unzipped size counts. It is an error with ``--upload direct``, a
warning when the way is not told.

Fix: upload it to S3 and deploy from there: ``aws s3 cp function.zip s3://BUCKET/`` and ``aws lambda update-function-code
--function-name NAME --s3-bucket BUCKET --s3-key function.zip``

Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

from collections.abc import Iterator

from lambdalint import Archive, Form, Function, Hit, Phase, Role, Severity, rule
from lambdalint.aws import errors, limits

PUBLISH = (
    "upload it to S3 and publish from there: aws s3 cp layer.zip s3://BUCKET/ and "
    "aws lambda publish-layer-version --layer-name NAME --content S3Bucket=BUCKET,S3Key=layer.zip"
)


@rule("LL503", "zip-too-large", Severity.ERROR, Phase.UPLOAD)
def zip_too_large(archive: Archive, role: Role, function: Function) -> Iterator[Hit]:
    size = archive.size or 0
    if archive.form is not Form.ZIP or role is Role.IMAGE or function.upload == "s3" or size < limits.ZIP_DIRECT:
        return
    sure = function.upload == "direct"
    aws = errors.ZIP_TOO_LARGE
    if role is Role.LAYER:
        body = -(-size // 3) * 4
        # Between the two limits AWS's page says no, and nobody has published that the API does.
        sure = sure and body >= limits.REQUEST_PUBLISH_LAYER
        aws = errors.request_too_large(limits.REQUEST_PUBLISH_LAYER, "PublishLayerVersion")
    yield Hit(
        None,
        f"the zip has {size:,} bytes; a direct upload must stay below {limits.ZIP_DIRECT:,}",
        severity=None if sure else Severity.WARNING,
        aws=aws,
        fix=PUBLISH if role is Role.LAYER else None,
    )
