"""A setting is given that functions of container images do not have.

Runtime, Handler and layers are for zip archives; an image brings its own: ``InvalidParameterValueException: Please don't provide Handler
or Runtime or Layer when the intended function PackageType is Image.`` It is an error where the function is said to be of
the package type Image.

Fix: leave it out; put the handler into CMD or ``ImageConfig.Command``, and the content of a layer into the image with COPY.

Source: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Function, Hit, Phase, Severity, rule
from lambdalint.aws import errors

if TYPE_CHECKING:
    from lambdalint import Image


@rule("LL618", "setting-for-zips-only", Severity.ERROR, Phase.CONFIGURE)
def setting_for_zips_only(image: Image, function: Function) -> Iterator[Hit]:
    given = {"Runtime": function.runtime, "Handler": function.handler, "Layers": function.layers}
    for setting, value in given.items():
        if value:
            yield Hit(
                None,
                f"{setting} is given, and {image.name or 'this'} is a container image",
                setting=setting,
                severity=None if function.package_type == "Image" else Severity.WARNING,
                aws=errors.LAYERS_WITH_IMAGE if setting == "Layers" else errors.NOT_FOR_IMAGES,
            )
