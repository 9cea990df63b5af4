"""What lies near to what is missing: the true cause, and what to do about it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Final

from lambdalint.filesystem import OPT, TASK, Node
from lambdalint.handlers.node_files import Disk, relative
from lambdalint.handlers.node_targets import Failure
from lambdalint.model import Entry, Lacking

_WALK_LIMIT: Final = 20_000
_CODE: Final = (".js", ".mjs", ".cjs")
_SOURCES: Final = (".ts", ".tsx", ".mts", ".cts", ".jsx")
_SHOWN: Final = 3


class Cause:
    """Why something is missing, as far as the package shows it."""

    __slots__ = ("fix", "places", "proves", "text")

    def __init__(self, text: str | None = None, *, places: tuple[Entry, ...] = (), fix: str | None = None, proves: bool = False) -> None:
        #: None: nothing more is known than that it is missing.
        self.text: Final = text
        self.places: Final = places
        self.fix: Final = fix
        #: True: the package was meant to bring it, so that the runtime's own parts do not count.
        self.proves: Final = proves


def missing_package(disk: Disk, failure: Failure, parent: str) -> Cause:
    """Return the likely cause of a module that could not be found."""
    name = failure.wanted
    try:
        if name is None:
            return _relative(disk, failure, parent)
        return _linked(disk, name, parent) or _misplaced(disk, name) or _listed(disk, name, parent)
    except Lacking:
        return Cause()


def _linked(disk: Disk, name: str, parent: str) -> Cause | None:
    directory = posixpath.dirname(parent)
    while directory.startswith(TASK):
        entry = disk.dangling(f"{directory}/node_modules/{name}")
        if entry is not None:
            text = f"{entry.path} is a link to {entry.target}, which is not in the package"
            fix = "install with links resolved (npm ci; pnpm: node-linker=hoisted or pnpm deploy) before zipping"
            return Cause(text, places=(entry,), fix=fix, proves=True)
        directory = posixpath.dirname(directory)
    return None


def _misplaced(disk: Disk, name: str) -> Cause | None:
    spots = [f"{OPT}/node_modules", OPT, f"{OPT}/nodejs"]
    for base in (OPT, f"{OPT}/nodejs"):
        found = disk.directory(base)
        children = [child for child in sorted((found.children or ()) if found else ()) if child != "node_modules"]
        spots += [f"{base}/{child}/node_modules" for child in children]
        spots += [f"{base}/{child}/nodejs/node_modules" for child in children if base == OPT]
    for spot in spots:
        node = disk.directory(f"{spot}/{name}")
        entry = None if node is None else _first_entry(node)
        if entry is not None:
            text, fix = f"the layer has it at {spot.removeprefix(OPT).lstrip('/') or 'its root'}", _into_place(disk, spot, name)
            if spot in (f"{OPT}/nodejs/node_modules", f"{OPT}/nodejs/node{disk.major}/node_modules"):
                text, fix = f"{text}, which the variable NODE_PATH leaves out", f"append {spot} to NODE_PATH, or remove it"
            else:
                text += ", but Node.js looks in nodejs/node_modules"
            return Cause(text, places=(entry,), fix=fix, proves=True)
    top = disk.directory(TASK)
    for child in sorted((top.children or {}) if top is not None else {}):
        node = disk.directory(f"{TASK}/{child}/node_modules/{name}")
        entry = None if node is None else _first_entry(node)
        if entry is not None:
            text = f"it lies in {child}/node_modules, where this file does not look"
            return Cause(text, places=(entry,), fix=f"put node_modules at the root of the package, or the code into {child}")
    return None


def _into_place(disk: Disk, spot: str, name: str) -> str:
    """Return how a layer's package gets where Node.js looks."""
    here = f"{spot}/{name}".removeprefix(f"{OPT}/")
    if spot == f"{OPT}/node_modules":
        return "put node_modules into a folder named nodejs and zip that folder"
    if re.fullmatch("nodejs/node[0-9]+", posixpath.dirname(spot).removeprefix(f"{OPT}/")):
        return f"build the layer with nodejs{disk.major}.x, into nodejs/node_modules or nodejs/node{disk.major}/node_modules"
    if spot.endswith("/nodejs/node_modules"):
        outer = spot.removeprefix(f"{OPT}/").partition("/")[0]
        return f"zip what is in {outer}/ and not the folder: cd {outer} && zip -r ../layer.zip ."
    return f"move {here} to nodejs/node_modules/{name} in the layer"


def _first_entry(node: Node) -> Entry | None:
    """Return the directory's entry, or where it is implied one of its files."""
    child = node.child("package.json") or node
    stack = [child]
    while stack:
        here = stack.pop()
        if here.entry is not None:
            return here.entry
        stack += (here.children or {}).values()
    return None


def _listed(disk: Disk, name: str, parent: str) -> Cause:
    if name == "aws-sdk" and disk.has_sdk:
        text = f"aws-sdk (v2) is not in the package, and nodejs{disk.major}.x brings only version 3 of the AWS SDK"
        return Cause(text, fix="move to the @aws-sdk/client-* packages, or npm install aws-sdk and package it")
    if disk.file(f"{TASK}/.pnp.cjs") is not None:
        text = f"{name} is in no node_modules: Yarn's Plug'n'Play keeps it for .pnp.cjs, which Lambda's Node.js does not load"
        fix = "nodeLinker: node-modules in .yarnrc.yml, then yarn install and zip node_modules with the code\nor bundle it"
        return Cause(text, fix=fix)
    manifest = disk.scope(parent)
    for field in ("dependencies", "optionalDependencies", "peerDependencies", "devDependencies"):
        listed = None if manifest is None else manifest.get(field)
        if isinstance(listed, dict) and name in listed and manifest is not None:
            text = f"{name} is in no place where the runtime looks, though {relative(manifest.path)} lists it under {field}"
            fix = f"npm install --save-prod {name}" if field == "devDependencies" else "npm ci --omit=dev"
            return Cause(text, fix=_brought(disk, fix, ", then"))
    return Cause(fix=_brought(disk, f"npm install {name}", " and", ", or bundle it"))


def _brought(disk: Disk, command: str, then: str, other: str = "") -> str:
    """Return what to do so that what a command installs is there."""
    return f"RUN {command} in the Dockerfile" if disk.filesystem.is_whole else f"{command}{then} zip node_modules with the code{other}"


def _by_exports(failure: Failure) -> str:
    """Return what to do about a package that is there, but does not offer what is asked for, or is not whole."""
    said = failure.aws.message
    if said.startswith('No "exports" main') and " imported from " not in said:
        return f"import {failure.specifier} from an ES module, or take a version of it that can be required"
    if said.startswith("Package subpath"):
        return "take a path that the package's exports give, or the version of it that the code was written for"
    if failure.specifier.startswith("#"):
        return 'mend "imports" in that package.json, or package the file that it names'
    return "npm ci, then zip the whole of node_modules with the code: it may have been pruned or built in part"


def _relative(disk: Disk, failure: Failure, parent: str) -> Cause:
    specifier, base = failure.specifier, failure.path
    if base is None and specifier.startswith("."):
        base = posixpath.normpath(posixpath.join(posixpath.dirname(parent), specifier))
    if base is None:
        return Cause(fix=_by_exports(failure))
    for tail in (*_CODE, ".json", "/index.js", "/index.mjs", *_SOURCES):
        if disk.file(base + tail) is not None:
            if tail in _SOURCES:
                return Cause(
                    f"only {relative(base + tail)} is there, which was not compiled", fix="compile it to JavaScript before zipping"
                )
            return Cause(f"{failure.reason}; {relative(base + tail)} is", fix=f"write {specifier.rstrip('/')}{tail}")
    directory = disk.directory(posixpath.dirname(base))
    wanted = posixpath.basename(base).casefold()
    for child in sorted((directory.children or {}) if directory is not None else {}):
        if child.casefold() == wanted or (child.casefold().startswith(f"{wanted}.") and child.endswith((*_CODE, ".json"))):
            return Cause(f"{failure.reason}; {child} is, and upper and lower case differ on Lambda", fix=f"write {child} as it is named")
    if not base.startswith(f"{TASK}/"):
        return Cause()
    whole = relative(base) if "." in posixpath.basename(base) else f"{relative(base)}.js"
    return Cause(fix=f"put {whole} into the package, or take out what asks for it")


class Near:
    """Files that could have been meant by a handler string."""

    __slots__ = ("code", "sources")

    def __init__(self, code: list[Node], sources: list[Node]) -> None:
        #: Loadable ones, the nearest first.
        self.code: Final = code
        #: TypeScript and JSX, which Lambda does not load.
        self.sources: Final = sources


def near(disk: Disk, wanted: str) -> Near:
    """Return files named like a module that is not there, or else the only ones that there are."""
    stem = posixpath.basename(wanted).casefold()
    code: list[Node] = []
    sources: list[Node] = []
    others: list[Node] = []
    for node in _files(disk):
        name, dot, suffix = node.name.rpartition(".")
        suffix = dot + suffix
        if suffix in _CODE:
            (code if name.casefold() == stem else others).append(node)
        elif suffix in _SOURCES and name.casefold() == stem and not name.endswith(".d"):
            sources.append(node)
    code.sort(key=lambda node: (node.path.count("/"), node.path))
    if not code and len(others) <= _SHOWN:
        code = sorted(others, key=lambda node: (node.path.count("/"), node.path))
    return Near(code[:_SHOWN], sources[:_SHOWN])


def _files(disk: Disk) -> Iterator[Node]:
    """Yield the function's own files: not those of node_modules."""
    top = disk.directory(TASK)
    stack = [] if top is None else [top]
    count = 0
    while stack and count < _WALK_LIMIT:
        node = stack.pop()
        count += 1
        if node.is_file:
            yield node
        elif node.children and node.name != "node_modules":
            stack += (node.children[name] for name in sorted(node.children, reverse=True))
