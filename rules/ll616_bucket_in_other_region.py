"""The bucket that holds the package is in another Region than the function.

Lambda copies the package from a bucket of its own Region only: ``InvalidParameterValueException: Error occurred while
GetObject. S3 Error Code: PermanentRedirect. S3 Error Message: The bucket is in this region: us-east-2. Please use this
region to retry the request``. With ``S3ObjectStorageMode`` REFERENCE the bucket may be elsewhere.

Fix: copy the package to a bucket in the function's Region, one bucket per Region that you deploy to.

Source: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html
"""

from collections.abc import Iterator

from lambdalint import Function, Hit, Phase, Severity, rule
from lambdalint.aws import errors


@rule("LL616", "bucket-in-other-region", Severity.ERROR, Phase.UPLOAD)
def bucket_in_other_region(bucket_region: str, region: str, function: Function) -> Iterator[Hit]:
    code = (function.settings or {}).get("Code")
    if bucket_region == region or (isinstance(code, dict) and code.get("S3ObjectStorageMode") == "REFERENCE"):
        return
    message = f"the bucket is in {bucket_region}, the function in {region}"
    yield Hit(None, message, setting="Code.S3Bucket", aws=errors.bucket_redirect(bucket_region))
