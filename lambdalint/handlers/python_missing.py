"""Why what a Python module imports, or what the handler names in it, is not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from lambdalint.aws import python_api as api
from lambdalint.aws import python_modules as known
from lambdalint.distributions import normalized
from lambdalint.filesystem import OPT, Filesystem, Node
from lambdalint.handlers.python_layout import NAMED, Cause, installed, shown, text
from lambdalint.handlers.python_unsearched import unsearched

if TYPE_CHECKING:
    from lambdalint.handlers.python_imports import Module, Problem

_REQUIREMENTS: Final = ("Pipfile", "poetry.lock", "pyproject.toml", "requirements.txt", "setup.py", "uv.lock")
#: Distributions that are not named as their module is, of those that functions use most.
_DISTRIBUTIONS: Final = {
    "Crypto": "pycryptodome", "MySQLdb": "mysqlclient", "OpenSSL": "pyOpenSSL", "PIL": "Pillow", "attr": "attrs",
    "bs4": "beautifulsoup4", "cv2": "opencv-python-headless", "distutils": "setuptools", "docx": "python-docx",
    "dotenv": "python-dotenv", "fitz": "PyMuPDF", "git": "GitPython", "jose": "python-jose", "jwt": "PyJWT",
    "ldap": "python-ldap", "magic": "python-magic", "nacl": "PyNaCl", "pkg_resources": "setuptools",
    "pptx": "python-pptx", "psycopg2": "psycopg2-binary", "sklearn": "scikit-learn", "slugify": "python-slugify",
    "telegram": "python-telegram-bot", "yaml": "PyYAML", "zmq": "pyzmq",
}  # fmt: skip
#: Modules of Python 2, and what Python 3 calls them.
_PYTHON2: Final = {
    "BaseHTTPServer": "http.server", "ConfigParser": "configparser", "Cookie": "http.cookies", "HTMLParser": "html.parser",
    "Queue": "queue", "SocketServer": "socketserver", "StringIO": "io", "__builtin__": "builtins", "cPickle": "pickle",
    "cStringIO": "io", "commands": "subprocess", "cookielib": "http.cookiejar", "copy_reg": "copyreg", "httplib": "http.client",
    "md5": "hashlib", "sha": "hashlib", "thread": "_thread", "urllib2": "urllib.request", "urlparse": "urllib.parse",
    "xmlrpclib": "xmlrpc.client",
}  # fmt: skip


def dependency(filesystem: Filesystem, problem: Problem, minor: int) -> Cause:
    """Say why an imported module is not there."""
    return _Import(filesystem, problem, minor).cause()


class _Import:
    """One import of a module that the runtime does not find."""

    def __init__(self, filesystem: Filesystem, problem: Problem, minor: int) -> None:
        assert problem.node is not None
        self.filesystem = filesystem
        self.name = problem.name
        self.top = problem.name.partition(".")[0]
        self.minor = minor
        self.node = problem.node
        self.said = f"{shown(problem.node, filesystem)} imports {problem.name}"
        self.distribution = _DISTRIBUTIONS.get(self.top, self.top)
        found = re.search(r"named '([^']*)\.([^.']*)'(; .* is not a package)?", problem.text)
        #: What is there of a dotted name. Empty: nothing.
        self.parent = ""
        if found is not None:
            self.parent = f"{found[1]} is no package" if found[3] else f"the package {found[1]} has no {found[2]}"

    def cause(self) -> Cause:
        version = self.by_version()
        if version is not None:
            return Cause(f"{self.said}, {version[0]}", [self.node], version[1], self.filesystem)
        found = self.by_backslash() or self.by_place() or self.by_metadata()
        if found is not None:
            return found
        if "." in self.name and self.parent:
            fix = f"put {self.name.replace('.', '/')}.py into the package, or whatever brings {self.name}"
            return Cause(f"{self.said}, but {self.parent}", [self.node], fix, self.filesystem)
        whole = self.filesystem.is_whole
        where = "not in the image" if whole else "neither in the package nor in a layer nor part of the runtime"
        message = f"{self.said}, which is {where}"
        listed = self._listed()
        if listed is not None:
            message += f"; {shown(listed, self.filesystem)} lists it, but it was not packaged"
        fix = f"pip install --target . {self.distribution} in the folder that is zipped, or add a layer that has it"
        if whole:
            fix = f"RUN pip install {self.distribution} in the Dockerfile"
        return Cause(message, [self.node], fix, self.filesystem)

    def by_version(self) -> tuple[str, str] | None:
        """A module that another Python has."""
        gone, new = known.removed_in(self.top), known.added_in(self.top)
        if gone is not None and self.minor >= gone:
            fix = f"use what took the place of {self.top}, or a runtime before python3.{gone}"
            if self.top == "distutils":
                fix = "package setuptools and import it first, which brings a copy of distutils"
            return f"which Python 3.{gone} removed from the standard library", fix
        if new is not None and self.minor < new:
            return f"which the standard library has from Python 3.{new} on only", f"use python3.{new} or later"
        if api.gone_below(self.name, self.minor):
            parent = self.name.rpartition(".")[0]
            return f"which the standard library of Python 3.{self.minor} no longer has", f"use {parent} itself"
        if self.top in _PYTHON2:
            return f"as Python 2 called it; Python 3 has {_PYTHON2[self.top]}", f"import {_PYTHON2[self.top]}"
        if self.top in known.ELSEWHERE:
            return "which Python has on Windows or macOS only", f"import {self.top} only where it is there"
        return None

    def by_backslash(self) -> Cause | None:
        """A module whose folders a zip made on Windows wrote into its name."""
        tail = self.name.replace(".", "/")
        starts = tuple(f"{folder}{tail}{end}" for folder in ("", "python/") for end in (".py", "/"))
        for node in self.filesystem.walk("/"):
            if "\\" in node.name and node.is_file and node.name.replace("\\", "/").startswith(starts):
                said = f"{self.said}; found {shown(node, self.filesystem)}: the backslashes are part of its name, and part no folders"
                fix = "zip with slashes in the names, as the AWS tools and Python's zipfile do"
                return Cause(said, [node, self.node], fix, self.filesystem)
        return None

    def by_place(self) -> Cause | None:
        """A module that is there, but where nothing is searched."""
        tail = self.name.replace(".", "/")
        own = self.node.parent
        hits = sorted(
            (node for node in self._of_that_name(tail) if node.parent is own or not self._is_part(node)),
            key=lambda node: (node.parent is not own, len(node.path), node.path),
        )
        if not hits:
            return None
        path = shown(hits[0], self.filesystem)
        stem = path.removesuffix(".py")
        said = f"{self.said}; found {path}"
        if not stem.endswith(tail):
            real = stem.rpartition("/")[2]
            message, fix = f"{said}: upper and lower case differ", f"import it as {real}"
        elif own is not None and hits[0].parent is own:
            message = f"{said}, but the folder of the importing file is not searched, only {self.filesystem.base}"
            package = shown(own, self.filesystem).replace("/", ".")
            fix = f"from {package} import {self.name}\nor set the variable PYTHONPATH to {own.path}"
        elif self.filesystem.is_whole:
            folder = hits[0].path.removesuffix(".py")[: -len(tail)].rstrip("/")
            why, fix = unsearched(self.filesystem, folder, self.distribution, self.minor)
            message = f"{said}{why}"
        elif hits[0].path.startswith(f"{OPT}/"):
            message = f"{said} in a layer, of which only python/ and python/lib/python3.{self.minor}/site-packages are searched"
            fix = f"move {path} to python/{tail.rpartition('/')[2]} in the layer"
            if re.match(rf"python/lib/python3\.(?!{self.minor}/)\d+/", path):
                fix = f"build the layer with Python 3.{self.minor}, into python/"
            place = hits[0].path.removesuffix(".py")[: -len(tail) - 1]
            if place in (f"{OPT}/python", f"{OPT}/python/lib/python3.{self.minor}/site-packages"):
                message, fix = f"{said} in a layer, which the variable PYTHONPATH leaves out", f"append {place} to PYTHONPATH, or remove it"
        else:
            folder = stem[: -len(tail)].rstrip("/")
            message = f"{said}, and {folder}/ is not searched"
            fix = f"move the content of {folder}/ to the root of the package, or into python/ of a layer"
        return Cause(message, [*hits[:NAMED], self.node], fix, self.filesystem)

    def _of_that_name(self, tail: str) -> Iterator[Node]:
        """Yield packages and modules whose path ends so, in whatever case; the runtime found none of them."""
        end, whole = tail.rpartition("/")[2].lower(), f"/{tail.lower()}"
        for node in self.filesystem.walk("/"):
            low = node.name.lower()
            is_named = low == f"{end}.py" if node.is_file else low == end and _has_code(node)
            if is_named and node.path.lower().removesuffix(".py").endswith(whole):
                yield node

    def _is_part(self, node: Node) -> bool:
        """Tell whether a file belongs to the package of a distribution, whose name it has by chance."""
        folder = node.parent
        if folder is None or folder.child("__init__.py") is None:
            return False
        return self.filesystem.is_whole or shown(node, self.filesystem).partition("/")[0] in installed(self.filesystem)

    def by_metadata(self) -> Cause | None:
        """A distribution of which only the metadata is there, or only code for another system."""
        wanted = {normalized(self.top), normalized(self.distribution)}
        tail = re.escape(self.name.replace(".", "/"))
        listing = re.compile(rf"^{tail}(/__init__)?\.(py|[\w.-]*so),", re.MULTILINE)
        last = self.name.rpartition(".")[2]
        binary = re.compile(rf"{re.escape(last)}\.((cpython-|cp|pypy|abi)[^/]*\.)?(so|pyd|dylib)", re.IGNORECASE)
        for node in self.filesystem.walk("/"):
            stem, _, rest = node.name.partition("-")
            if node.is_dir and rest.endswith(".dist-info") and (normalized(stem) in wanted or self._lists(node, listing)):
                said = f"{self.said}; {shown(node, self.filesystem)}/ is there, but not the module itself"
                fix = f"pip install --target . --upgrade {stem} in the folder that is zipped"
                if self.filesystem.is_whole and node.parent is not None:
                    fix = f"RUN pip install --target {node.parent.path} --upgrade {stem} in the Dockerfile"
                if self.parent:
                    fix = f"leave {self.name.replace('.', '/')} in the package: a pattern that slims it may have dropped it\nor {fix}"
                return Cause(said, [node, self.node], fix, self.filesystem)
            if node.is_file and binary.fullmatch(node.name):
                built = f"is built for another system or Python than 3.{self.minor} on Linux"
                fix = (
                    f"pip install --platform manylinux2014_x86_64 --only-binary=:all: --python-version 3.{self.minor} "
                    f"--target . {self.distribution}"
                )
                if self.filesystem.is_whole:
                    fix = f"RUN pip install {self.distribution} in the Dockerfile, by Python 3.{self.minor}"
                return Cause(f"{self.said}; {shown(node, self.filesystem)} {built}", [node, self.node], fix, self.filesystem)
        return None

    def _lists(self, folder: Node, listing: re.Pattern[str]) -> bool:
        """Tell whether a distribution's RECORD has a module."""
        record = folder.child("RECORD")
        return record is not None and record.is_file and listing.search(text(self.filesystem, record)) is not None

    def _listed(self) -> Node | None:
        """Return a list of requirements in the package that names the module's distribution."""
        name = re.sub(r"[-_.]+", "[-_.]+", re.escape(self.distribution).replace("\\-", "-").replace("\\.", "."))
        pattern = re.compile(rf"^[\s\"']*(name = \")?{name}(?![\w.-])", re.IGNORECASE | re.MULTILINE)
        for node in self.filesystem.walk(self.filesystem.base):
            is_list = node.is_file and node.name in _REQUIREMENTS and node.path.count("/") <= 4
            if is_list and pattern.search(text(self.filesystem, node)):
                return node
        return None


def _has_code(node: Node) -> bool:
    return any(name.endswith((".py", ".pyc", ".so")) for name in node.children or ())


# What the handler names in its module.


def unbound(filesystem: Filesystem, module: Module, stem: str, member: str) -> Cause:
    """Say why a module does not have the name that the handler asks for, and what it has instead."""
    node = module.spec.node
    if node is None:
        inside = _submodule(filesystem, module, member)
        what = f"{stem}/ is a folder without __init__.py, which has no names of its own"
        return Cause(what, [inside] if inside else [], f"set the handler to {stem}/module.function", filesystem)
    path = shown(node, filesystem)
    if not member:
        fix = f"set the handler to {stem}.{next(iter(_functions(module)), 'lambda_handler')}"
        return Cause("the handler ends with its dot and names no function", [node], fix, filesystem)
    if member == "py":
        fix = f"set the handler to {stem}.{next(iter(_functions(module)), 'lambda_handler')}"
        return Cause(f"the handler names the file {path}, not a function in it", [node], fix, filesystem)
    inside = _submodule(filesystem, module, member)
    if inside is not None:
        said = f"{path} does not bind {member}; {shown(inside, filesystem)} is a module that nothing imports"
        return Cause(said, [node, inside], f"set the handler to {stem}/{member}.function", filesystem)
    message = f"{path} {_where_else(module, member)}"
    names = _near(member, list(_functions(module)))
    if not names:
        return Cause(message, [node], f"define {member} at the top level of {path}", filesystem)
    fix = f"set the handler to {stem}.{names[0]}"
    return Cause(f"{message}; it has {', '.join(names)}", [node], fix, filesystem)


def _submodule(filesystem: Filesystem, module: Module, member: str) -> Node | None:
    for place in module.spec.places:
        node = filesystem.file(f"{place}/{member}.py")
        if node is not None:
            return node
    return None


def _functions(module: Module) -> Iterator[str]:
    """Yield names that could be the handler, those that are most like one first."""
    import ast

    found = []
    for name, bound in module.names.items():
        if isinstance(bound.value, (ast.FunctionDef, ast.AsyncFunctionDef)) and not name.startswith("_"):
            found.append(("handler" not in name.lower(), len(bound.value.args.args) != 2, name))
    yield from (name for _, _, name in sorted(found))


def _near(member: str, names: list[str]) -> list[str]:
    import difflib

    near = difflib.get_close_matches(member, names, NAMED, 0.5)
    return [*near, *(name for name in names if name not in near)][:NAMED]


def _where_else(module: Module, member: str) -> str:
    """Say in what way a source speaks of a name without binding it."""
    import ast

    for node in ast.walk(module.tree) if module.tree is not None else ():
        if isinstance(node, ast.AnnAssign) and node.value is None and getattr(node.target, "id", None) == member:
            return f"only annotates {member}, and binds nothing to it"
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            kind = "the class" if isinstance(node, ast.ClassDef) else "the function"
            if any(getattr(inner, "name", None) == member for inner in node.body):
                return f"has {member} only inside {kind} {node.name}, not at its top level"
        if isinstance(node, ast.If) and any(getattr(inner, "name", None) == member for inner in ast.walk(node)):
            return f"binds {member} only under a condition that does not hold on Lambda"
        if isinstance(node, ast.Delete) and any(getattr(one, "id", None) == member for one in node.targets):
            return f"deletes {member} again"
    return f"does not bind {member}"
