"""The runtime does not exist for the architecture.

Runtimes on the first Amazon Linux (``go1.x``, ``provided``, ``python3.7``, ``java8`` and older ones) run on x86_64 only.
AWS answers with an ``InvalidParameterValueException``.

Fix: take the runtime's successor, which runs on both, or build for x86_64.

Source: https://docs.aws.amazon.com/lambda/latest/dg/foundation-arch.html
"""

from collections.abc import Iterator

from lambdalint import Hit, Phase, Role, Runtime, Severity, rule


@rule("LL607", "architecture-not-offered", Severity.ERROR, Phase.CONFIGURE)
def architecture_not_offered(runtime: Runtime, architecture: str, role: Role) -> Iterator[Hit]:
    if role is not Role.LAYER and runtime.architectures is not None and architecture not in runtime.architectures:
        offered = " and ".join(runtime.architectures)
        fix = f"set Runtime to {runtime.successor}, or Architectures to {offered}" if runtime.successor else None
        yield Hit(None, f"{runtime.name} runs on {offered} only, the function is {architecture}", setting="Architectures", fix=fix)
