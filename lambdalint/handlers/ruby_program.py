"""All that is loaded with a Ruby handler's file: the package's own files followed in order, and what could not be followed."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Final

from lambdalint.filesystem import OPT, TASK, Filesystem, Node
from lambdalint.handlers import Fault, Sort
from lambdalint.handlers.ruby_path import OFF_PATH, Absent, Found, LoadPath, Provided, Unknown
from lambdalint.handlers.ruby_source import LIMIT, Require, Script, parse
from lambdalint.handlers.ruby_syntax import refusal
from lambdalint.model import Aws, Lacking

if TYPE_CHECKING:
    from lambdalint.aws.runtimes import Runtime
    from lambdalint.function import Environment

#: How far and how much is followed.
_DEPTH: Final = 6
_FILES: Final = 200
_BYTES: Final = 2 << 20
_FAULTS: Final = 20
#: Bytes of gems that are looked through for one name.
_GEM_BYTES: Final = 8 << 20

#: All that a change of the load path may be written with and still lead to known places.
_KNOWN_WORDS: Final = frozenset({
    "LOAD_PATH", "unshift", "push", "append", "prepend", "insert", "File", "expand_path", "join", "dirname", "realpath",
    "__dir__", "__FILE__", "Dir", "pwd", "include", "unless", "uniq",
})  # fmt: skip
_TASK_ROOT: Final = re.compile(r"ENV(?:\[|\.fetch\()['\"]LAMBDA_TASK_ROOT['\"][\])]")
_QUOTED: Final = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"")
_WORD: Final = re.compile(r"[A-Za-z_]\w*")


class Program:
    """What loading one file leads to."""

    def __init__(self, filesystem: Filesystem, runtime: Runtime, environment: Environment) -> None:
        self.filesystem: Final = filesystem
        self.number: Final = runtime.number
        self.path: Final = LoadPath(filesystem, runtime, environment)
        #: Every file that was read, in the order of loading, those loaded on a condition included.
        self.scripts: Final[list[Script]] = []
        #: The same, each with its file.
        self.files: Final[list[tuple[Node, Script]]] = []
        #: Files that are surely loaded.
        self.loaded: Final[list[Node]] = []
        self.faults: Final[list[Fault]] = []
        self.unsure: Final[list[tuple[Sort, Lacking]]] = []
        #: Whether something is loaded that was not read, so that it may define anything.
        self.is_opaque = "RUBYOPT" in environment
        #: Whether gems of the package are loaded: code that is there and was not read.
        self.has_gems = False
        #: Whether places are searched that nobody here knows.
        self._is_loose = False
        #: Whether more of the package is searched than the usual places.
        self._is_wider = False
        self._seen: set[Node] = set()
        self._bytes = 0

    def load(self, node: Node, *, sure: bool = True, depth: int = 0) -> Script | None:
        """Read a file and follow what it requires. None: it could not be understood."""
        self._seen.add(node)
        if sure:
            self.loaded.append(node)
        script = self._read(node, sure=sure)
        if script is None:
            self.is_opaque = True
            return None
        self.scripts.append(script)
        self.files.append((node, script))
        for change in script.load_path:
            self._is_wider = True
            self._is_loose = self._is_loose or not _is_known(change)
        for require in script.requires:
            self._follow(require, node, sure=sure and require.sure, depth=depth)
        return script

    def gems_mention(self, pattern: bytes) -> bool:
        """Whether a pattern stands in a Ruby file of the package that was not read; too much to look through counts as yes."""
        wanted = re.compile(pattern)
        room = _GEM_BYTES
        for node in self.filesystem.walk("/"):
            if not node.is_file or not node.name.endswith(".rb") or node in self._seen or node.entry is None:
                continue
            room -= node.entry.size
            try:
                if room < 0 or wanted.search(self.filesystem.read(node, node.entry.size)):
                    return True
            except Lacking:
                return True
        return False

    def _read(self, node: Node, *, sure: bool) -> Script | None:
        size = 0 if node.entry is None else node.entry.size
        if node.name.endswith(".so") or len(self._seen) > _FILES or self._bytes + size > _BYTES or size > LIMIT:
            return None
        try:
            text = self.filesystem.read(node, LIMIT)
        except Lacking as lacking:
            if sure:
                self.unsure.append((Sort.IMPORT, lacking))
            return None
        self._bytes += len(text)
        script = parse(text)
        fault = refusal(text, script, node, node.path, self.number) if sure else None
        if fault is not None:
            self.faults.append(fault)
        return None if script is None or script.has_error else script

    def _follow(self, require: Require, parent: Node, *, sure: bool, depth: int) -> None:
        if require.feature is None or depth >= _DEPTH:
            self.is_opaque = True
            return
        self._notice(require.feature)
        feature, found = self._find(require, require.feature, parent)
        if isinstance(found, Node):
            if found not in self._seen:
                self.load(found, sure=sure, depth=depth + 1)
        elif isinstance(found, Provided):
            self.has_gems = self.has_gems or found.is_gem
            if sure and found.node is not None and found.node not in self.loaded:
                self.loaded.append(found.node)
        elif isinstance(found, Unknown):
            self.is_opaque = True
            if sure:
                self.unsure.append((Sort.IMPORT, found.lacking))
        else:
            self.is_opaque = True
            self._absent(found, feature, require, parent, sure=sure)

    def _find(self, require: Require, feature: str, parent: Node) -> tuple[str, Found]:
        """Look for a feature; the name with it is the one that Ruby would complain of."""
        if require.verb == "require_relative":
            folder = parent.path.rpartition("/")[0]
            path = posixpath.normpath(f"{folder}/{feature}")
            return path, self.path.file(path)
        if require.verb == "load" and not feature.startswith(("/", "./", "../")):
            found = self.filesystem.find(f"{TASK}/{feature}")
            if isinstance(found, Node) and found.is_file:
                return feature, found
            return feature, Provided(is_gem=True) if not feature.endswith(".rb") else self.path.require(feature)
        return feature, self.path.require(feature)

    def _notice(self, feature: str) -> None:
        """Note what changes where Ruby looks: Bundler, or a file of its making."""
        if feature.startswith("bundler") or feature in ("bootsnap", "bootsnap/setup", "zeitwerk", "standalone"):
            self._is_wider = self.has_gems = True
            self._is_loose = self._is_loose or feature == "bundler/inline"

    def _absent(self, found: Absent, feature: str, require: Require, parent: Node, *, sure: bool) -> None:
        # A gem may have changed the load path; to another Ruby's gems it would not, and neither does Bundler.
        other = bool(found.elsewhere) and all(self.path.is_of_other_ruby(node) for node in found.elsewhere)
        moved = not other and (self._is_wider or (self.has_gems and found.why == OFF_PATH))
        if not sure or self._is_loose or (moved and found.elsewhere) or len(self.faults) >= _FAULTS:
            return
        places = [parent.entry] if parent.entry is not None else []
        message = f"{require.verb} '{require.feature}' finds nothing"
        if found.why is None:
            message += ": no such file is in the package, its layers, Ruby or the runtime"
            message += self._listed(feature)
        else:
            message += f"; found {_shown(found.elsewhere[0])}, but {found.why}"
            places += [node.entry for node in found.elsewhere[:1] if node.entry is not None]
        in_layer = bool(found.elsewhere) and found.elsewhere[0].path.startswith(f"{OPT}/")
        aws = Aws("Init<LoadError>", f"cannot load such file -- {feature}")
        fix = self._remedy(found, require)
        line = None if in_layer else require.line
        # What lies wrong in a layer is the layer's fault.
        wanted = feature.rpartition("/")[2].removesuffix(".rb")
        places = places[::-1] if in_layer else places
        self.faults.append(Fault(Sort.IMPORT, message, places=places, aws=aws, fix=fix, line=line, wanted=wanted))

    def _listed(self, feature: str) -> str:
        """Say so if the Gemfile names what is not packed."""
        for name in ("Gemfile.lock", "Gemfile"):
            found = self.filesystem.find(f"{TASK}/{name}")
            if not isinstance(found, Node) or not found.is_file:
                continue
            try:
                text = self.filesystem.read(found, LIMIT).decode("utf-8", "replace")
            except Lacking:
                continue
            gem = re.escape(feature).replace("/", "[-/]")
            if re.search(rf"(?m)^ +{gem} \(|gem ['\"]{gem}['\"]", text):
                return f"; {name} names it, but it is not packed"
        return ""

    def _remedy(self, found: Absent, require: Require) -> str | None:
        install = "bundle config set --local path vendor/bundle && bundle install"
        if require.verb != "require" or (require.feature or "").startswith(("/", ".")):
            name = (require.feature or "").removesuffix(".rb")
            return f"put {name}.rb into the package, beside what asks for it" if require.verb == "require_relative" else None
        if not found.elsewhere:
            return f"{install}, with the Ruby of the runtime, and pack vendor/ too"
        path = found.elsewhere[0].path
        if path.startswith(f"{OPT}/"):
            if "/gems/" in path:
                return f"build the layer with the Ruby of the runtime, into ruby/gems/{self.path.abi}, its specifications/ too"
            return f"move {path.removeprefix(f'{OPT}/')} to ruby/lib/{(require.feature or '').removesuffix('.rb')}.rb in the layer"
        if "/gems/" in path:
            return f"{install}, with the Ruby of the runtime: Lambda looks in vendor/bundle/ruby/{self.path.abi}"
        if path.startswith(f"{TASK}/"):
            return f"require_relative '{path.removeprefix(f'{TASK}/').removesuffix('.rb')}'"
        return None


def _shown(node: Node) -> str:
    path = node.path
    if path.startswith(f"{OPT}/"):
        return path
    return path.removeprefix(f"{TASK}/")


def _is_known(change: str) -> bool:
    """Whether a change of the load path leads only to places in the package or the layers."""
    change = _TASK_ROOT.sub("__dir__", change)
    for quoted in _QUOTED.findall(change):
        inner = quoted[1:-1]
        if "#{" in inner or (inner.startswith(("/", "~")) and not inner.startswith((TASK, OPT))):
            return False
    return set(_WORD.findall(_QUOTED.sub("", change))) <= _KNOWN_WORDS
