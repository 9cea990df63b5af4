"""The runtime interface clients, by which a language asks Lambda for work: which one an image starts, and whether it has it.

https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#runtimes-api-client (read 2026-11-21)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from lambdalint.aws import errors
from lambdalint.filesystem import Node
from lambdalint.model import Hit

if TYPE_CHECKING:
    from lambdalint.filesystem import Filesystem
    from lambdalint.startup import Startup


class Client:
    """One client."""

    __slots__ = ("code", "fix", "language", "name", "native", "path", "program", "status", "unasked", "word")

    def __init__(
        self, language: str, program: str, name: str, word: str, path: str, fix: str, status: int | None, unasked: int,
        code: str | None = None, native: str | None = None,
    ) -> None:  # fmt: skip
        #: The family of runtimes.
        self.language: Final = language
        #: What the programs are called that run it.
        self.program: Final = re.compile(rf"(?:.*/)?(?:{program})")
        self.name: Final = name
        #: The word of a command line that asks for the client; what follows is the handler.
        self.word: Final = re.compile(word)
        #: What every image that has it has a file at.
        self.path: Final = re.compile(rf"(^|/)(?:{path})")
        self.fix: Final = fix
        #: With which status a command line ends that asks for it where it is not. None: it may fetch it then.
        self.status: Final = status
        #: With which status it ends itself when it is given no handler.
        self.unasked: Final = unasked
        #: Its own code, and the native module that it always loads, which only Linux builds. None: it has none.
        self.code: Final = None if code is None else re.compile(rf"(^|/)({code})$")
        self.native: Final = None if native is None else re.compile(rf"(^|/)({native})$")

    def arguments(self, words: Sequence[str]) -> tuple[str, ...] | None:
        """Return what follows the client on a command line. None: it does not ask for it, and something else may do its work."""
        for number, word in enumerate(words):
            if self.word.fullmatch(word) and (self.language != "python" or words[number - 1] == "-m"):
                return tuple(words[number + 1 :])
        return None


_CLIENTS: Final = (
    Client(
        "python", r"python(\d(\.\d+)?)?", "awslambdaric", "awslambdaric", r"awslambdaric(/|-|\.)",
        "RUN pip install awslambdaric in the Dockerfile", 1, 1, r"awslambdaric/lambda_runtime_client\.py", r"runtime_client(\.[\w-]+)?\.so",
    ),
    Client(
        "nodejs", "node|npx|aws-lambda-ric", "aws-lambda-ric", r"(.*/)?aws-lambda-ric(/bin/index\.m?js|@[\w.^~-]+)?",
        "aws-lambda-ric/", "RUN npm install aws-lambda-ric in the Dockerfile", None, 1,
        r"aws-lambda-ric/(dist|lib)/index\.m?js", r"aws-lambda-ric/([\w/]+/)?rapid-client\.node",
    ),
    Client(
        "ruby", "ruby|bundle|aws_lambda_ric", "aws_lambda_ric", "(.*/)?aws_lambda_ric",
        r"aws_lambda_ric(-[\d.]+)?(/|\.rb)", "RUN gem install aws_lambda_ric in the Dockerfile", 127, 0,
    ),
    # The class may lie in any jar, which is not looked into.
    Client(
        "java", "java", "aws-lambda-java-runtime-interface-client", r"com\.amazonaws\.services\.lambda\.runtime\.api\.client\.AWSLambda",
        r"com/amazonaws/services/lambda/runtime/api/client/|\A(?!.*/(jvm|jre|jdk|openjdk)[^/]*/).*\.jar$",
        "add com.amazonaws:aws-lambda-java-runtime-interface-client to the build", 1, 1,
    ),
)  # fmt: skip


def client_of(startup: Startup) -> Client | None:
    """Return the client that the image needs. None: it starts something else, which may bring its own.

    A program in Java has it somewhere in its jars, unless the command line names its class.
    """
    words = startup.words
    found = next((client for client in _CLIENTS if words and client.program.fullmatch(words[0])), None)
    return None if found is not None and found.language == "java" and found.arguments(words) is None else found


#: What is surely read of a client that a command line names.
_FIRST: Final = {
    "python": ("/awslambdaric/__main__.py", "/awslambdaric/bootstrap.py"),
    "nodejs": ("/aws-lambda-ric/bin/index.mjs", "/aws-lambda-ric/bin/index.js"),
    "ruby": ("/lib/aws_lambda_ric.rb", "/lib/aws_lambda_ric/bootstrap.rb"),
}


def first_files(filesystem: Filesystem, startup: Startup) -> list[Node]:
    """Return the files of its client that an image surely reads. Empty: it names none, or has it more than once."""
    client = client_of(startup)
    if client is None or client.arguments(startup.words) is None or client.language not in _FIRST:
        return []
    ends = _FIRST[client.language]
    paths = [f"/{entry.path}" for _, package in filesystem.mounts for entry in package.files() if f"/{entry.path}".endswith(ends)]
    found = [filesystem.find(path) for path in paths]
    once = all(sum(path.endswith(end) for path in paths) <= 1 for end in ends)
    return [node for node in found if isinstance(node, Node)] if once else []


def lack_of(filesystem: Filesystem, client: Client, started: Startup) -> str | None:
    """Return the rest of a sentence on a client that an image does not have, or where the Python that is started does not look.

    None: it has it, or may.
    """
    path = next(_matching(filesystem, client.path), None)
    if path is None:
        return "is not in the image"
    # Whether AWS's own Python looks in /var/runtime is its bootstrap's matter.
    beside = (f"{folder}/{client.name}" for folder in (started.base, "/var/runtime"))
    if client.language != "python" or any(isinstance(filesystem.find(folder), Node) for folder in beside):
        return None
    from lambdalint.image_installed import Installed
    from lambdalint.image_runtime import runtime_beside_client

    name = runtime_beside_client(started, client.language, filesystem)
    if name is None or Installed(filesystem, client.language, name.removeprefix("python"), started.environment).may_have(client.name):
        return None
    return f"is only in /{path.rpartition(client.name)[0].rstrip('/')}, where that does not look"


def natives_of(filesystem: Filesystem, client: Client) -> Sequence[str] | None:
    """Return the paths of the client's native module: none where it was built elsewhere than on Linux, or not at all.

    None: the client is made up of something else than what is known here.
    """
    if client.code is None or client.native is None or next(_matching(filesystem, client.code), None) is None:
        return None
    return [f"/{path}" for path in _matching(filesystem, client.native)]


def _matching(filesystem: Filesystem, pattern: re.Pattern[str]) -> Iterator[str]:
    return (entry.path for _, package in filesystem.mounts for entry in package.entries if pattern.search(entry.path))


def without_handler(startup: Startup, followed: Startup) -> Iterator[Hit]:
    """Yield what is said of an image's client that is started without a handler."""
    client = client_of(followed)
    if client is None or client.arguments(followed.words) != ():
        return
    lost = startup.command if startup.entrypoint and followed.by is not None else ()
    what = f"{followed.by} does not hand on CMD's {lost[0]}" if lost else "CMD is missing"
    yield Hit(
        None,
        f"{client.name} is given no handler: {what}",
        setting=followed.setting("Command") or followed.setting("EntryPoint"),
        aws=errors.exit_status(client.unasked),
        fix="write ENTRYPOINT as a JSON array, so that CMD's words follow it" if lost and startup.is_shell_form else None,
    )
