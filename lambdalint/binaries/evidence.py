"""Asks pyelftools and lief about a file, in a child process that can neither run on nor take the lint down with it.

Nothing that a verdict needs comes from here: when the child dies, hangs or cannot be had, a finding stays as it is, without
the detail. The child gets the file through a pipe, may write to no file, and sees none of our environment's variables.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import IO, TYPE_CHECKING, Final, TypeGuard

if TYPE_CHECKING:
    import subprocess

#: Seconds that all questions of one witness may take together.
SECONDS: Final = 10.0
#: How often the child is started again after it died of a question.
STARTS: Final = 4

#: What a child needs of our environment to start at all: Windows its folder, some builds of Python their own library.
_ENVIRONMENT: Final = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
#: Imports what the child is made of from our own folder, then looks for libraries in its own folders before ours.
_CODE: Final = """\
import io, json, struct, sys, typing
sys.path.insert(0, sys.argv[1])
from lambdalint.binaries import witness
sys.path[:] = sys.path[1:] + sys.argv[2:]
witness.main()
"""


class Symbols:
    """The symbols for which a file needs a version of a library."""

    __slots__ = ("count", "names")

    def __init__(self, names: Sequence[str], count: int) -> None:
        #: The first of them, sorted.
        self.names: Final = tuple(names)
        #: How many there are in all.
        self.count: Final = count


class Slice:
    """A file of Windows, or one CPU's part of a file of macOS."""

    __slots__ = ("cpu", "libraries", "release", "system")

    def __init__(self, system: str, release: str | None, cpu: str, libraries: Sequence[str]) -> None:
        #: ``macOS``, ``Windows``, or another of Apple's in capitals.
        self.system: Final = system
        #: The oldest release that loads it: ``11.0``. None: it does not say.
        self.release: Final = release
        #: As the format calls it, in small letters: ``arm64``, ``amd64``.
        self.cpu: Final = cpu
        #: The libraries that it loads, the first of them: ``python312.dll``.
        self.libraries: Final = tuple(libraries)


class _Gone(Exception):  # noqa: N818 - not an error of ours: what became of the child
    """The child no longer takes what it is sent."""


class Witness:
    """One child for all questions of a lint, started by the first: ``with Witness() as witness: witness.symbols(...)``.

    Every answer may be None: not known. A file comes in pieces of any size; what reading it raises is passed on.
    """

    def __init__(self, seconds: float = SECONDS, command: Sequence[str] | None = None) -> None:
        self._left = seconds
        self._command: Final = command
        self._starts = 0
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Witness:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the child. A later question starts another."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:  # bytes that it did not take are flushed in vain
                    continue
        child.wait()

    def symbols(self, content: Iterable[bytes], library: str, version: str) -> Symbols | None:
        """Return the symbols for which an ELF file needs a version of a library. None: not known; it may have no sections."""
        answer = self._ask({"about": "symbols", "library": library, "version": version}, content)
        if not isinstance(answer, dict):
            return None
        names, count = answer.get("names"), answer.get("count")
        if not _are_strings(names) or not isinstance(count, int) or not count:
            return None
        return Symbols(names, count)

    def slices(self, content: Iterable[bytes]) -> tuple[Slice, ...] | None:
        """Return what the parts of a Mach-O or PE file are built for."""
        answer = self._ask({"about": "slices"}, content)
        if not isinstance(answer, list) or not answer:
            return None
        parts = [_slice(row) for row in answer]
        return tuple(part for part in parts if part is not None) or None

    def _ask(self, question: dict[str, str], content: Iterable[bytes]) -> object:
        import json
        from threading import Timer
        from time import monotonic

        child = self._started()
        if child is None:
            return None
        began = monotonic()
        # A child that is killed closes its ends of the pipes, so that nothing here waits for it longer.
        timer = Timer(self._left, child.kill)
        timer.start()
        try:
            answer = _exchange(child, json.dumps(question).encode(), content)
        except BaseException:
            self.close()
            raise
        finally:
            timer.cancel()
            self._left -= monotonic() - began
        if answer is None:
            self.close()
            return None
        try:
            found: object = json.loads(answer)
        except (ValueError, RecursionError):
            return None
        return found

    def _started(self) -> subprocess.Popen[bytes] | None:
        if self._left <= 0:
            self.close()
        elif self._child is None and self._starts < STARTS:
            self._starts += 1
            self._child = _start(self._command or _command())
        return self._child


def _command() -> Sequence[str]:
    """Return how the child is started. Empty: it cannot be."""
    # In a frozen program the executable is the program itself, and would lint once more.
    if not sys.executable or getattr(sys, "frozen", False):
        return ()
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    # The working directory may be a stranger's package. It is ours only if lambdalint lies in it.
    here = os.getcwd()
    folders = [path for path in sys.path if os.path.isabs(path) and path != here]
    return [sys.executable, "-I", "-B", "-c", _CODE, root, *folders]


def _start(command: Sequence[str]) -> subprocess.Popen[bytes] | None:
    import subprocess

    if not command:
        return None
    environment = {key: os.environ[key] for key in _ENVIRONMENT if key in os.environ}
    try:
        return subprocess.Popen(  # noqa: S603 - our own interpreter and code
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
        )
    except OSError:
        return None


def _exchange(child: subprocess.Popen[bytes], question: bytes, content: Iterable[bytes]) -> bytes | None:
    """Send a question and a file, and return the answer. None: there is none."""
    from lambdalint.binaries import witness

    assert child.stdin is not None
    assert child.stdout is not None
    left = witness.FILE
    try:
        _send(child.stdin, question)
        for chunk in content:
            left -= len(chunk)
            if left < 0:
                return None
            if chunk:
                _send(child.stdin, chunk)
        _send(child.stdin, b"")
    except _Gone:
        return None
    return witness.received(child.stdout)


def _send(stream: IO[bytes], frame: bytes) -> None:
    from lambdalint.binaries import witness

    try:
        witness.send(stream, frame)
    except OSError:  # a broken pipe; Windows has other names for it
        raise _Gone from None


def _slice(row: object) -> Slice | None:
    """Return one row of an answer. None: it is none, as of a child that a file has got hold of."""
    if not isinstance(row, dict):
        return None
    system, release, cpu, libraries = (row.get(key) for key in ("system", "release", "cpu", "libraries"))
    if not isinstance(system, str) or not isinstance(cpu, str) or not _are_strings(libraries):
        return None
    return Slice(system, release if isinstance(release, str) else None, cpu, libraries)


def _are_strings(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
