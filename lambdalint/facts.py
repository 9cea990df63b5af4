"""What a rule may ask for, by name; each computed once, on first need."""

import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeVar, cast

from lambdalint.aws.runtimes import RUNTIMES, Runtime
from lambdalint.binaries import begun_by, has_native
from lambdalint.contents import Contents
from lambdalint.filesystem import OPT, TASK, Filesystem, Node
from lambdalint.function import Environment, Function, Handler
from lambdalint.handlers import Resolution, resolve
from lambdalint.image_facts import (
    architecture_of_image,
    client_files,
    code,
    entrypoint,
    executed,
    filesystem_of_image,
    followed,
    handed_on,
    image,
    matters,
    runtime_of_image,
    scope,
    startup,
    tree,
    variables_on_base,
)
from lambdalint.layer_facts import extensions, launch, layout, other_versions, shadows
from lambdalint.layer_facts import variables as variables_of
from lambdalint.model import Archive, Lacking, NotApplicable, Package, Role
from lambdalint.native_facts import known, links, platforms, slots, wheels
from lambdalint.sizes import Sizes
from lambdalint.surely import Closure, Surely, programs
from lambdalint.target import Target

if TYPE_CHECKING:
    from lambdalint.binaries.natives import Natives

T = TypeVar("T")

#: What is asked once for each package rather than once for the function.
PER_PACKAGE: Final = frozenset({"archive", "package", "contents", "role", "code", "layout", "other_versions", "scope", "shadows"})
#: What needs every byte to be read; rules that ask for it come last, so that what others read is inflated only once.
LATE: Final = frozenset({"contents", "natives", "slots", "links", "platforms", "wheels"})


class Facts:
    """The facts of one target, or of one layer of it."""

    def __init__(self, target: Target, *, today: datetime.date, verify: bool, function_facts: "Facts | None" = None) -> None:
        self._target = target
        self._today = today
        self._verify = verify
        self._whole = function_facts or self
        self._known: dict[str, object] = {}

    def get(self, name: str) -> object:
        """Return a fact. Raises Lacking or NotApplicable, the same each time."""
        if self._whole is not self and name not in PER_PACKAGE:
            return self._whole.get(name)
        if name not in self._known:
            try:
                self._known[name] = PROVIDERS[name](self)
            except (Lacking, NotApplicable) as reason:
                self._known[name] = reason
        value = self._known[name]
        if isinstance(value, (Lacking, NotApplicable)):
            raise value
        return value

    # The package.

    def archive(self) -> Archive:
        """The container, readable or not, with what its reader saw."""
        return self._target.archive

    def package(self) -> Package:
        """The entries, and a way to their bytes; nothing is inflated before a rule reads it."""
        if self._target.package is None:
            raise Lacking(f"the content of {self._target.path}")
        return self._target.package

    def contents(self) -> Contents:
        """The package after every byte of it was read, unless the user asked to leave that out."""
        contents = self.package().contents
        if self._verify:
            contents.verify()
        return contents

    def role(self) -> Role:
        """What this package is for: a function, a layer or an image."""
        return self._target.role

    def filesystem(self) -> Filesystem:
        """What the running function sees."""
        target = self._target
        if target.role is Role.LAYER:
            return Filesystem([(OPT, self.package())], base=TASK)
        if target.role is Role.IMAGE:
            return filesystem_of_image(self)
        mounts = [(TASK, self.package())]
        mounts += [(OPT, layer.package) for layer in target.layers if layer.package is not None]
        return Filesystem(mounts, target.unread_layers)

    def resolution(self) -> Resolution:
        """Where the handler string leads, as the runtime itself would follow it."""
        if self._filesystem().is_whole:
            from lambdalint.image_handlers import resolution_of_image

            return resolution_of_image(self, variables_of(self))
        return resolve(self._filesystem(), self.handler(), self.runtime(), variables_of(self))

    def surely(self) -> Surely:
        """What is surely read and surely executed, as far as that is known; never lacking."""
        filesystem = self._filesystem()
        loaded: tuple[Node, ...] = ()
        leads = None
        further: Callable[[], Closure] = Closure
        try:
            resolution = self._resolution()
            loaded, leads, further = resolution.loaded, resolution.leads, resolution.further
        except (Lacking, NotApplicable):
            pass  # what is not known is not sure
        runtime, handler = cast("Runtime | None", known(self, "runtime")), cast("Handler | None", known(self, "handler"))
        handed, by, beside = None, None, []
        if filesystem.is_whole:
            started = executed(self)
            started += programs(filesystem, variables_of(self), runtime, handler, image=True)
            handed, by = handed_on(self)
            beside = client_files(self)
        else:
            started = programs(filesystem, variables_of(self), runtime, handler)
        begun = begun_by(filesystem, started)
        return Surely(loaded, started, leads=leads, further=further, begun=begun, handed=handed, by=by, beside=beside)

    def natives(self) -> "Natives":
        """Every native file that the function sees, after the pass over all bytes."""
        filesystem = self._filesystem()
        if self._verify:
            for _, package in filesystem.mounts:
                package.contents.verify()
        filesystem = matters(self)
        if not any(has_native(package) for _, package in filesystem.mounts):
            raise NotApplicable("there is no native code")
        from lambdalint.binaries.natives import Natives

        return Natives(filesystem)

    def _filesystem(self) -> Filesystem:
        found = self.get("filesystem")
        assert isinstance(found, Filesystem)
        return found

    def _resolution(self) -> Resolution:
        found = self.get("resolution")
        assert isinstance(found, Resolution)
        return found

    def sizes(self) -> Sizes:
        """The unzipped sizes of the function and its layers."""
        target = self._target
        if target.role is Role.IMAGE:
            raise NotApplicable("an image has a limit of its own")
        return Sizes(self.package(), target.layers, target.unread_layers)

    # The function.

    def function(self) -> Function:
        """Everything that was told, each field None when it was not."""
        return self._target.function

    def runtime_name(self) -> str:
        """The runtime identifier as given, known or not."""
        self._zip_only()
        return _told(self._target.function.runtime, "the runtime", "--runtime")

    def runtime(self) -> Runtime:
        """The row of AWS's table for the runtime; an image's is told by what lies in it, a layer's is that of functions it is for."""
        if self._target.role is Role.IMAGE:
            return runtime_of_image(self)
        told = self._target.function.runtime
        name = told if self._target.role is Role.LAYER and told is not None else self.runtime_name()
        row = RUNTIMES.get(name)
        if row is None:
            raise Lacking(f"what AWS says of the runtime {name}")
        return row

    def handler(self) -> Handler:
        """The handler string; an image's is the one argument of its base image's script."""
        if self._target.role is Role.IMAGE:
            from lambdalint.image_handlers import handler_of_image

            return Handler(handler_of_image(self))
        self._zip_only()
        return Handler(_told(self._target.function.handler, "the handler", "--handler"))

    def architecture(self) -> str:
        """The CPU, ``x86_64`` or ``arm64``, an image's own if it has one. AWS's default is not assumed."""
        own = architecture_of_image(self) if self._target.role is Role.IMAGE else None
        if own is not None:
            return own
        names = _told(self._target.function.architectures, "the architecture", "--architecture")
        if len(names) != 1 or names[0] not in ("x86_64", "arm64"):
            raise Lacking("an architecture that AWS has", "--architecture")
        return names[0]

    def architectures(self) -> tuple[str, ...]:
        """The architectures as given, valid or not."""
        return _set(self._target.function.architectures)

    def environment(self) -> Environment:
        """The function's variables."""
        return _set(self._target.function.environment)

    def variables(self) -> Environment:
        """The function's variables; of an image on AWS's base, over the image's own."""
        if self._target.role is not Role.IMAGE:
            return self.environment()
        return variables_on_base(self)

    def layers(self) -> tuple[str, ...]:
        """The layers as given, paths and ARNs, in the function's order."""
        return _set(self._target.function.layers)

    def memory_size(self) -> int:
        """In MB."""
        return _set(self._target.function.memory_size)

    def timeout(self) -> int:
        """In seconds."""
        return _set(self._target.function.timeout)

    def ephemeral_storage(self) -> int:
        """In MB."""
        return _set(self._target.function.ephemeral_storage)

    def snap_start(self) -> str:
        """``PublishedVersions`` or ``None``, the API's words."""
        return _set(self._target.function.snap_start)

    def upload(self) -> str:
        """How the package gets to AWS: ``direct`` or ``s3``."""
        return _told(self._target.function.upload, "the way of the upload", "--upload")

    def region(self) -> str:
        """The function's Region."""
        return _told(self._target.function.region, "the Region", "--region")

    def bucket_region(self) -> str:
        """The Region of the bucket that the package is uploaded to."""
        return _set(self._target.function.bucket_region)

    def today(self) -> datetime.date:
        """The day as of which runtimes are judged."""
        return self._today

    def _zip_only(self) -> None:
        target = self._target
        if target.role is Role.LAYER:
            raise NotApplicable("a layer has no handler and no runtime of its own")
        if target.role is Role.IMAGE:
            raise NotApplicable("an image names its own")


def _told(value: T | None, what: str, option: str) -> T:
    if value is None:
        raise Lacking(what, option)
    return value


def _set(value: T | None) -> T:
    if value is None:
        raise NotApplicable("AWS has a default for it")
    return value


#: Every fact by its name: the public methods of Facts, and what is made of other facts.
PROVIDERS: Final[dict[str, Callable[[Facts], object]]] = {
    name: provider for name, provider in vars(Facts).items() if not name.startswith("_") and name != "get"
} | {
    made.__name__: made
    for made in (
        code, entrypoint, extensions, followed, image, launch, layout, links, other_versions, platforms, scope, shadows, slots, startup,
        tree, wheels,
    )
}
