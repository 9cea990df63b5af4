"""The runtime interface clients, by which a language asks Lambda for work, and whether an image has the one that it needs.

https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#runtimes-api-client (read 2026-11-21)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lambdalint.filesystem import Filesystem
    from lambdalint.startup import Startup


class Client:
    """One client."""

    __slots__ = ("fix", "language", "name", "path")

    def __init__(self, language: str, name: str, path: str, fix: str) -> None:
        #: What the programs are called that run the language.
        self.language: Final = re.compile(rf"(?:.*/)?(?:{language})")
        self.name: Final = name
        #: What every image that has it has a file at.
        self.path: Final = re.compile(rf"(^|/)(?:{path})")
        self.fix: Final = fix

    def is_named(self, words: Sequence[str]) -> bool:
        """Whether the command line itself asks for it, so that nothing else can do its work."""
        return words[1:3] == ("-m", self.name)


_CLIENTS: Final = (
    Client(r"python(\d(\.\d+)?)?", "awslambdaric", r"awslambdaric(/|-|\.)", "pip install awslambdaric"),
    Client(r"node|npx", "aws-lambda-ric", r"aws-lambda-ric/", "npm install aws-lambda-ric"),
    Client(r"ruby|aws_lambda_ric", "aws_lambda_ric", r"aws_lambda_ric(-[\d.]+)?(/|\.rb)", "gem install aws_lambda_ric"),
)  # fmt: skip


def client_of(startup: Startup) -> Client | None:
    """Return the client that the image needs. None: it starts something else, which may bring its own."""
    words = startup.words
    return next((client for client in _CLIENTS if words and client.language.fullmatch(words[0])), None)


def has_client(filesystem: Filesystem, client: Client) -> bool:
    return any(client.path.search(entry.path) for _, package in filesystem.mounts for entry in package.entries)
