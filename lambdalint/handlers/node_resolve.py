"""From a specifier to a file: ``require`` and ``import`` as Node.js resolves them.

https://nodejs.org/api/modules.html#all-together and https://nodejs.org/api/esm.html#resolution-algorithm-specification,
the texts as Node.js 18 to 24 print them.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Final

from lambdalint.handlers.node_files import Disk, Manifest
from lambdalint.handlers.node_maps import mapped
from lambdalint.handlers.node_tables import NEWEST, SDK_PARTS, SDK_SCOPES, SDK_V3_SINCE, is_builtin
from lambdalint.handlers.node_targets import NOT_FOUND, Broken, Failure, File, Own, Target, Undecided
from lambdalint.handlers.node_urls import is_url, url_path
from lambdalint.model import Aws

_SUFFIXES: Final = (".js", ".json", ".node")
_REQUIRE: Final = ("node", "require")
_IMPORT: Final = ("node", "import")


class Resolver:
    """Resolves for one function."""

    __slots__ = ("_disk",)

    def __init__(self, disk: Disk) -> None:
        self._disk: Final = disk

    def require(self, specifier: str, parent: str) -> Target:
        """Follow ``require(specifier)`` in a file. Raises Undecided and Lacking."""
        builtin = self._builtin(specifier)
        if builtin is not None:
            return builtin
        if specifier in (".", "..") or specifier.startswith(("./", "../", "/")):
            base = posixpath.normpath(posixpath.join(posixpath.dirname(parent), specifier))
            slash = specifier.endswith(("/", "/.", "/..")) or specifier in (".", "..")
            return self._loaded(base, specifier, slash=slash) or _not_found(specifier, f"{specifier} is not there")
        if specifier.startswith("#"):
            return self._imports(specifier, parent, _REQUIRE) or _not_found(specifier, f"no package.json maps {specifier}")
        return self._bare(specifier, parent, self.ways(parent))

    def ways(self, parent: str) -> Iterator[str]:
        """Yield where ``require`` looks for packages: each node_modules above the file, then NODE_PATH."""
        yield from _above(posixpath.dirname(parent))
        yield from self._disk.search

    def from_directories(self, module: str, directories: tuple[str, ...]) -> Target:
        """Follow ``require.resolve(module, {paths})``, the runtime's last resort."""
        builtin = self._builtin(module)
        if builtin is not None:
            return builtin
        ways = [way for directory in directories for way in _above(directory)]
        return self._bare(module, "/var/runtime/index.mjs", iter([*ways, *self._disk.search]))

    def import_(self, specifier: str, parent: str) -> Target:
        """Follow ``import`` of a specifier in a file. Raises Undecided and Lacking."""
        builtin = self._builtin(specifier)
        if builtin is not None:
            return builtin
        if specifier.startswith(("./", "../", "/")) or specifier in (".", ".."):
            return self._by_url(specifier, parent)
        if is_url(specifier):
            raise Undecided
        if specifier.startswith("#"):
            found = self._imports(specifier, parent, _IMPORT)
            if found is None:
                raise Undecided
            return found
        return self._package(specifier, parent)

    def _builtin(self, specifier: str) -> Target | None:
        if is_builtin(specifier, self._disk.major):
            return Own(specifier)
        if specifier.startswith("node:"):
            if self._disk.major > NEWEST:
                raise Undecided
            return Failure(
                specifier, Aws("Error", f"No such built-in module: {specifier}"), f"Node.js {self._disk.major} has no module {specifier}"
            )
        return None

    def _loaded(self, base: str, request: str, *, slash: bool = False) -> Target | None:
        """LOAD_AS_FILE and LOAD_AS_DIRECTORY. None: nothing is there."""
        found = self._disk.find(base)
        if not slash:
            if found is not None and found.is_file:
                return File(found)
            for suffix in _SUFFIXES:
                file = self._disk.file(base + suffix)
                if file is not None:
                    return File(file)
        if found is None or not found.is_dir:
            return None
        return self._directory(found.path, request)

    def _directory(self, directory: str, request: str) -> Target | None:
        manifest = self._disk.manifest(directory)
        main = None if manifest is None else self._checked(manifest).get("main")
        if isinstance(main, str) and main:
            base = posixpath.normpath(posixpath.join(directory, main))
            found = self._plain(base, slash=main.endswith("/")) or self._index(base) or self._index(directory)
            if found is not None:
                return found
            text = f"Error: Cannot find module '{base}'. Please verify that the package.json has a valid \"main\" entry"
            return Failure(request, Aws(NOT_FOUND, text), f"the main of {directory}/package.json, {main}, is not there")
        return self._index(directory)

    def _plain(self, base: str, *, slash: bool) -> File | None:
        for suffix in () if slash else ("", *_SUFFIXES):
            file = self._disk.file(base + suffix)
            if file is not None:
                return File(file)
        return None

    def _index(self, directory: str) -> File | None:
        for suffix in _SUFFIXES:
            file = self._disk.file(f"{directory}/index{suffix}")
            if file is not None:
                return File(file)
        return None

    def _checked(self, manifest: Manifest) -> Manifest:
        if manifest.data is None:
            if manifest.fault is not None:
                raise Broken(manifest)
            raise Undecided
        return manifest

    def _bare(self, specifier: str, parent: str, ways: Iterator[str]) -> Target:
        name, subpath = _split(specifier)
        own = self._itself(name, subpath, specifier, parent, _REQUIRE)
        if own is not None:
            return own
        for way in ways:
            base = posixpath.join(way, specifier)
            if name:
                directory = self._disk.directory(posixpath.join(way, name))
                manifest = None if directory is None else self._disk.manifest(directory.path)
                if manifest is not None and self._checked(manifest).get("exports") is not None:
                    return self._exports(manifest, subpath, specifier, _REQUIRE, parent)
            found = self._loaded(base, specifier, slash=specifier.endswith("/"))
            if found is not None:
                return found
        return self._absent(specifier, name, Aws(NOT_FOUND, f"Error: Cannot find module '{specifier}'"))

    def _absent(self, specifier: str, name: str, aws: Aws) -> Target:
        is_v3 = self._disk.major >= SDK_V3_SINCE
        if self._disk.has_sdk and (specifier.startswith(SDK_SCOPES) if is_v3 else name == "aws-sdk"):
            return Own(specifier)
        reason = f"{specifier} is in no place where the runtime looks"
        return Failure(specifier, aws, reason, wanted=name or specifier, sure=name not in SDK_PARTS or not self._disk.has_sdk)

    def _itself(self, name: str, subpath: str, specifier: str, parent: str, conditions: tuple[str, ...]) -> Target | None:
        scope = self._disk.scope(parent)
        if scope is None or not name:
            return None
        if self._checked(scope).get("name") != name or scope.get("exports") is None:
            return None
        return self._exports(scope, subpath, specifier, conditions, parent)

    def _package(self, specifier: str, parent: str) -> Target:
        """PACKAGE_RESOLVE."""
        name, subpath = _split(specifier)
        if not name or specifier.endswith("/"):
            raise Undecided
        own = self._itself(name, subpath, specifier, parent, _IMPORT)
        if own is not None:
            return own
        for way in _above(posixpath.dirname(parent)):
            directory = self._disk.directory(posixpath.join(way, name))
            if directory is None:
                continue
            manifest = self._disk.manifest(directory.path)
            if manifest is not None and self._checked(manifest).get("exports") is not None:
                return self._exports(manifest, subpath, specifier, _IMPORT, parent)
            if subpath == ".":
                return self._legacy(directory.path, manifest, specifier, parent)
            return self._exact(posixpath.normpath(posixpath.join(directory.path, subpath)), specifier, parent)
        # Lambda's build of Node.js looks through NODE_PATH for imports too, since its 18
        # (https://aws.amazon.com/blogs/compute/node-js-18-x-runtime-now-available-in-aws-lambda/).
        for way in self._disk.search:
            if self._disk.find(posixpath.join(way, name)) is not None:
                raise Undecided
        return self._absent(specifier, name, Aws("Error", f"Cannot find package '{name}' imported from {parent}"))

    def _legacy(self, directory: str, manifest: Manifest | None, specifier: str, parent: str) -> Target:
        """LEGACY_MAIN_RESOLVE."""
        main = None if manifest is None else manifest.get("main")
        base = posixpath.normpath(posixpath.join(directory, main)) if isinstance(main, str) and main else None
        if base is not None:
            for tail in ("", ".js", ".json", ".node", "/index.js", "/index.json", "/index.node"):
                file = self._disk.file(base + tail)
                if file is not None:
                    return File(file)
        for tail in ("index.js", "index.json", "index.node"):
            file = self._disk.file(posixpath.join(directory, tail))
            if file is not None:
                return File(file)
        shown = f"{directory}/" if self._disk.major < 20 else base or f"{directory}/index.js"
        return Failure(specifier, Aws("Error", f"Cannot find package '{shown}' imported from {parent}"), f"{directory} has no main file")

    def _by_url(self, specifier: str, parent: str) -> Target:
        path = url_path(specifier)
        if not path:
            raise Undecided
        base = posixpath.normpath(posixpath.join(posixpath.dirname(parent), path))
        return self._exact(base, specifier, parent, slash=path.endswith("/") or path.rpartition("/")[2] in (".", ".."))

    def _exact(self, path: str, specifier: str, parent: str, *, slash: bool = False) -> Target:
        """FINALIZE_RESOLUTION: the path as it is, no suffix tried."""
        found = self._disk.find(path)
        shown = f"{path}/" if slash else path
        if found is not None and found.is_dir:
            text = f"Directory import '{shown}' is not supported resolving ES modules imported from {parent}"
            return Failure(specifier, Aws("Error", text), f"{specifier} is a directory, and import takes files only")
        if found is not None and found.is_file and not slash:
            return File(found)
        aws = Aws("Error", f"Cannot find module '{shown}' imported from {parent}")
        return Failure(specifier, aws, f"{specifier} is not there", path=path)

    def _exports(self, manifest: Manifest, subpath: str, specifier: str, conditions: tuple[str, ...], parent: str) -> Target:
        exports = manifest.get("exports")
        keyed = isinstance(exports, dict) and any(key.startswith(".") for key in exports)
        table: Mapping[str, object]
        if isinstance(exports, dict) and keyed:
            if not all(key.startswith(".") for key in exports):
                raise Undecided
            table = exports
        else:
            table = {".": exports}
        target = mapped(table, subpath, manifest, conditions)
        if target is not None:
            return self._mapped_file(target, specifier, conditions, parent)
        tail = f" imported from {parent}" if "import" in conditions else ""
        if subpath == ".":
            text = f'No "exports" main defined in {manifest.path}{tail}'
        else:
            text = f"Package subpath '{subpath}' is not defined by \"exports\" in {manifest.path}{tail}"
        return Failure(specifier, Aws("Error", text), f"the exports of {manifest.path} do not give {specifier}")

    def _imports(self, specifier: str, parent: str, conditions: tuple[str, ...]) -> Target | None:
        scope = self._disk.scope(parent)
        table = None if scope is None else self._checked(scope).get("imports")
        if scope is None or not isinstance(table, dict):
            return None
        target = mapped(table, specifier, scope, conditions)
        if target is None:
            text = f'Package import specifier "{specifier}" is not defined in package {scope.path} imported from {parent}'
            return Failure(specifier, Aws("TypeError", text), f"the imports of {scope.path} do not give {specifier}")
        if not target.startswith("/"):
            return self.import_(target, scope.path) if "import" in conditions else self.require(target, scope.path)
        return self._mapped_file(target, specifier, conditions, parent)

    def _mapped_file(self, path: str, specifier: str, conditions: tuple[str, ...], parent: str) -> Target:
        if "import" in conditions:
            return self._exact(path, specifier, parent)
        file = self._disk.file(path)
        if file is not None:
            return File(file)
        if self._disk.find(path) is not None:
            raise Undecided
        return Failure(
            specifier, Aws(NOT_FOUND, f"Error: Cannot find module '{path}'"), f"{specifier} is mapped to {path}, which is not there"
        )


def _not_found(specifier: str, reason: str) -> Failure:
    return Failure(specifier, Aws(NOT_FOUND, f"Error: Cannot find module '{specifier}'"), reason)


def _above(directory: str) -> Iterator[str]:
    """Yield the node_modules of a directory and of all above it."""
    while True:
        if posixpath.basename(directory) != "node_modules":
            yield posixpath.join(directory, "node_modules")
        if directory in ("/", ""):
            return
        directory = posixpath.dirname(directory)


def _split(specifier: str) -> tuple[str, str]:
    """Part a bare specifier into the package's name, empty when it is none, and the subpath as ``.`` or ``./x``."""
    parts = specifier.split("/")
    count = 2 if specifier.startswith("@") else 1
    name = "/".join(parts[:count])
    if len(parts) < count or not all(parts[:count]) or "\\" in name or "%" in name or name.startswith("."):
        return "", "."
    rest = "/".join(parts[count:])
    return name, f"./{rest}" if rest else "."
