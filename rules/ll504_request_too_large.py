"""The request that carries the zip is too large.

In a direct upload the zip travels as base64 text, a third longer, inside a JSON body that has limits of its own:
``Request must be smaller than 70167211 bytes for the CreateFunction operation`` and, for layers, ``Request must be
smaller than 69905067 bytes for the PublishLayerVersion operation``. So the largest layer is a little smaller than
50 MB. It is an error with ``--upload direct``, a warning when the way is not told.

Fix: upload it to S3 and publish from there: ``aws lambda publish-layer-version --content S3Bucket=BUCKET,S3Key=KEY ...``

Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

from collections.abc import Iterator

from lambdalint import Archive, Form, Function, Hit, Phase, Role, Severity, rule
from lambdalint.aws import environment, errors, limits

#: ``{"Content":{"ZipFile":""},"LayerName":"x"}``: the least that a body holds beside the zip.
LEAST_BODY = 43


@rule("LL504", "request-too-large", Severity.ERROR, Phase.UPLOAD)
def request_too_large(archive: Archive, role: Role, function: Function) -> Iterator[Hit]:
    if archive.form is not Form.ZIP or role is Role.IMAGE or function.upload == "s3":
        return
    body = -(-(archive.size or 0) // 3) * 4 + LEAST_BODY
    if role is Role.LAYER:
        limit, operation = limits.REQUEST_PUBLISH_LAYER, "PublishLayerVersion"
    elif (archive.size or 0) < limits.ZIP_DIRECT:
        body += environment.measured(function.environment) if function.environment else 0
        limit, operation = limits.REQUEST_CREATE_FUNCTION, "CreateFunction"
    else:
        return
    if body >= limit:
        yield Hit(
            None,
            f"the {operation} request has at least {body:,} bytes, {archive.size:,} of zip as base64; the limit is {limit:,}",
            severity=None if function.upload == "direct" else Severity.WARNING,
            aws=errors.request_too_large(limit, operation),
        )
