"""The architecture is none that Lambda has.

The API takes a list with exactly one of ``x86_64`` and ``arm64``. Other programs' words for the same CPUs (``amd64``,
``aarch64``) and lists of two are refused: ``ValidationException: 1 validation error detected: Value '[amd64]' at
'architectures' failed to satisfy constraint: Member must satisfy enum value set: [x86_64, arm64]``

Fix: write ``x86_64`` (Intel, AMD) or ``arm64`` (Graviton).

Source: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
"""

from collections.abc import Iterator

from lambdalint import Hit, Phase, Severity, rule
from lambdalint.aws import errors, limits

OTHER_WORDS = {
    "amd64": "x86_64", "x64": "x86_64", "x86-64": "x86_64", "x86": "x86_64", "i386": "x86_64",
    "aarch64": "arm64", "arm": "arm64", "armv8": "arm64", "graviton": "arm64",
}  # fmt: skip


@rule("LL606", "invalid-architecture", Severity.ERROR, Phase.CONFIGURE)
def invalid_architecture(architectures: tuple[str, ...]) -> Iterator[Hit]:
    listed = f"[{', '.join(architectures)}]"
    for name in architectures:
        if name not in limits.ARCHITECTURES:
            meant = OTHER_WORDS.get(name.lower()) or (name.lower() if name.lower() in limits.ARCHITECTURES else None)
            yield Hit(
                None,
                f"{name} is no architecture of Lambda" + (f"; it is called {meant} here" if meant else ""),
                setting="Architectures",
                aws=errors.unknown_architecture(listed),
                fix=f"set Architectures to {meant}" if meant else None,
            )
    if len(architectures) != 1:
        limit = "Member must have length less than or equal to 1"
        message = f"{len(architectures)} architectures are given; a function has exactly one"
        yield Hit(None, message, setting="Architectures", aws=errors.constraint(listed, "architectures", limit))
