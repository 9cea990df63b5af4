"""Where Ruby looks for what is required: the load path of the runtime, and the gems of its own version.

/var/task comes first (``$LOAD_PATH.unshift`` in aws_lambda_ric.rb), then RUBYLIB's /opt/ruby/lib; gems are those with a
specification in GEM_PATH: vendor/bundle/ruby/<x.y>.0 of the package and ruby/gems/<x.y>.0 of the layers
(https://docs.aws.amazon.com/lambda/latest/dg/ruby-package.html and ruby-layers.html, read 2026-11-21).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lambdalint.filesystem import OPT, TASK, Filesystem, Missing, Node
from lambdalint.handlers.ruby_tables import LOADED, is_provided
from lambdalint.model import Kind, Lacking

if TYPE_CHECKING:
    from lambdalint.aws.runtimes import Runtime
    from lambdalint.function import Environment

#: Variables that move the places in which Ruby looks, or put something before it.
_MOVERS: Final = ("GEM_PATH", "GEM_HOME", "RUBYLIB", "RUBYOPT", "BUNDLE_GEMFILE", "BUNDLE_PATH")
#: Said of a file that lies in a folder of the package in which Ruby does not look.
OFF_PATH: Final = "its folder is not on the load path"
#: Where something may be that is not in the package: the system, mounted file systems, what is written at run time.
_SYSTEM: Final = ("tmp", "mnt", "var", "opt", "usr", "lib", "lib64", "bin", "sbin", "etc", "proc", "dev", "sys", "run", "local")
_NATIVE: Final = (".so", ".o", ".dll", ".bundle", ".dylib")
#: Ends of the names of gems that hold native code of a system that Lambda is not.
_FOREIGN: Final = re.compile(r"-(?:(?:x86|x86_64|x64|arm64|aarch64|universal)-)?(?:darwin|mingw|mswin|java|jruby)[\w.-]*$")


#: What a specification says when the gem has something to compile, and how much of it is read.
_EXTENSIONS: Final = re.compile(rb"^[ \t]*\w+\.extensions[ \t]*=[ \t]*\[\s*['\"%]", re.MULTILINE)
_SPECIFICATION: Final = 1 << 16


class Provided:
    """A feature of Ruby, of the runtime or of a gem: it is there, and its code is not followed."""

    __slots__ = ("is_gem", "node")

    def __init__(self, *, is_gem: bool = False, node: Node | None = None) -> None:
        #: Whether it is code of the package that nobody has looked at.
        self.is_gem: Final = is_gem
        #: The gem's file that answers to it. None: not known.
        self.node: Final = node


class Absent:
    """A feature that is in no place where Ruby looks."""

    __slots__ = ("elsewhere", "why")

    def __init__(self, why: str | None, elsewhere: tuple[Node, ...]) -> None:
        #: What keeps Ruby from finding it where it is. None: nothing of that name is anywhere.
        self.why: Final = why
        self.elsewhere: Final = elsewhere


class Unknown:
    """A feature of which nothing can be said."""

    __slots__ = ("lacking",)

    def __init__(self, lacking: Lacking) -> None:
        self.lacking: Final = lacking


Found = Node | Provided | Absent | Unknown


class LoadPath:
    """The places of one function."""

    def __init__(self, filesystem: Filesystem, runtime: Runtime, environment: Environment) -> None:
        self._filesystem = filesystem
        self.abi: Final = f"{runtime.version}.0"
        self._roots = (f"{TASK}/vendor/bundle/ruby/{self.abi}", f"{OPT}/ruby/gems/{self.abi}")
        self._mover = next((name for name in _MOVERS if name in environment), None)
        self._suffixes: dict[str, list[Node]] | None = None

    def require(self, feature: str) -> Found:
        """Look for what ``require`` is given."""
        if feature.startswith(("./", "../", "~")):
            return self.file(f"{TASK}/{feature}")
        if feature.startswith("/"):
            return self.file(feature) if feature.split("/")[1] in _SYSTEM else Absent(None, ())
        if feature.removesuffix(".rb") in LOADED:
            return Provided()
        for place in (TASK, f"{OPT}/ruby/lib"):
            found = self._first(f"{place}/{feature}")
            if found is not None:
                return found
        if is_provided(feature):
            return Provided()
        return self._gem(feature) or self._absent(feature)

    def file(self, path: str) -> Found:
        """Look for one path, with the suffixes that Ruby adds."""
        return self._first(path) or self._absent(path.removeprefix(f"{TASK}/"), path)

    def elsewhere(self, feature: str) -> tuple[Node, ...]:
        """Return the files, wherever they lie, that would answer to a feature if their place were searched."""
        names = _names(feature)
        found = [node for name in names for node in self._index().get(name.rpartition("/")[2], ())]
        return tuple(node for node in found if any(node.path.endswith(f"/{name}") for name in names))

    def _first(self, path: str) -> Node | Unknown | None:
        for name in _names(path):
            found = self._filesystem.find(name)
            if isinstance(found, Node) and found.is_file:
                return found
            if isinstance(found, Missing) and self._leads_out(found):
                return Unknown(Lacking(f"what lies at {found.reached.path.rstrip('/')}/{found.rest}"))
        return None

    def _leads_out(self, missing: Missing) -> bool:
        """Whether a link leads to a place that is not known; layers that were not given are asked for at the end."""
        where = f"{missing.reached.path.rstrip('/')}/{missing.rest}"
        return missing.outside and not where.startswith(f"{OPT}/")

    def _gem(self, feature: str) -> Found | None:
        why = None
        files: list[Node] = []
        for node in self.elsewhere(feature):
            place = self._gem_of(node)
            if place is None:
                continue
            root, name = place
            specification = self._filesystem.file(f"{root}/specifications/{name}.gemspec")
            if specification is None:
                why = "its specification is not in specifications/"
            elif _FOREIGN.search(name):
                why = why or "it is built for another system"
            elif self._is_unbuilt(root, name, specification):
                why = why or "its extension is not built for Linux, so that RubyGems ignores it"
            else:
                return Provided(is_gem=True, node=node)
            files.append(node)
        if why is None:
            return Provided(is_gem=True) if self._has_linked_gems() else None
        return self._doubt() or Absent(why, tuple(files))

    def _is_unbuilt(self, root: str, name: str, specification: Node) -> bool:
        """Tell whether a gem has an extension to compile, and nothing says that it was: ``Ignoring x because its extensions are not
        built`` (Gem::BasicSpecification#contains_requirable_file?; seen with Ruby 3.1, 2026-11-21).
        """
        try:
            text = self._filesystem.read(specification, _SPECIFICATION)
        except Lacking:
            return False
        places = self._filesystem.find(f"{root}/extensions")
        built = (places.children or {}) if isinstance(places, Node) else {}
        done = (f"{root}/extensions/{system}/{self.abi}/{name}/gem.build_complete" for system in built if "linux" in system)
        return _EXTENSIONS.search(text) is not None and all(self._filesystem.file(path) is None for path in done)

    def _gem_of(self, node: Node) -> tuple[str, str] | None:
        """Return the root and the full name of the gem that a file belongs to. None: to none that is looked into."""
        for root in self._roots:
            gems, extensions = (re.escape(self._real(f"{root}/{name}")) for name in ("gems", "extensions"))
            found = re.match(rf"(?:{gems}|{extensions}/[^/]+/[^/]+)/([^/]+)/", node.path)
            if found is not None:
                return root, found[1]
        return None

    def _real(self, path: str) -> str:
        """Return where a folder lies, links followed: the index has files by their own places."""
        found = self._filesystem.find(path)
        return found.path if isinstance(found, Node) else path

    def _has_linked_gems(self) -> bool:
        """Whether gems are links to places elsewhere, which the index does not follow."""
        folders = [self._filesystem.find(f"{root}/gems") for root in self._roots]
        below = [node for folder in folders if isinstance(folder, Node) for node in (folder.children or {}).values()]
        return any(node.entry is not None and node.entry.kind is Kind.LINK for node in below)

    def _absent(self, feature: str, path: str | None = None) -> Found:
        doubt = self._doubt(path)
        if doubt is not None:
            return doubt
        elsewhere = self.elsewhere(feature)
        return Absent(self._why(elsewhere), elsewhere)

    def _doubt(self, path: str | None = None) -> Unknown | None:
        unread = self._filesystem.unread
        if path is not None:  # one path: only a layer's own folder can add to it
            return Unknown(Lacking(f"the content of {unread[0]}")) if unread and path.startswith(f"{OPT}/") else None
        if unread:
            return Unknown(Lacking(f"the content of {unread[0]}"))
        if self._mover is not None:
            return Unknown(Lacking(f"what the variable {self._mover} changes"))
        return None

    def _why(self, elsewhere: tuple[Node, ...]) -> str | None:
        if not elsewhere:
            return None
        for node in elsewhere:
            if self.is_of_other_ruby(node):
                return f"it is there for Ruby {_version(node)}, and this runtime looks in {self.abi}"
        return OFF_PATH

    def is_of_other_ruby(self, node: Node) -> bool:
        """Tell whether a file lies among the gems of another version."""
        return _version(node) not in (None, self.abi)

    def _index(self) -> dict[str, list[Node]]:
        if self._suffixes is None:
            self._suffixes = {}
            for node in self._filesystem.walk("/"):
                if node.is_file and node.name.endswith((".rb", ".so")):
                    self._suffixes.setdefault(node.name, []).append(node)
        return self._suffixes


def _version(node: Node) -> str | None:
    """Return the version of Ruby among whose gems a file lies. None: it lies elsewhere."""
    found = re.search(r"/(?:vendor/bundle/ruby|ruby/gems)/(\d+\.\d+\.\d+)/", node.path)
    return None if found is None else found[1]


def _names(path: str) -> tuple[str, ...]:
    if path.endswith(".rb"):
        return (path,)
    if path.endswith(_NATIVE):
        return (f"{path.rpartition('.')[0]}.so",)
    return (f"{path}.rb", f"{path}.so")
