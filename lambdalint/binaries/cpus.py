"""What the package is built for, where the function's architecture was not told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from lambdalint.binaries.natives import MACHINES, Native, listed
from lambdalint.model import Hit, Severity

if TYPE_CHECKING:
    from lambdalint.binaries.judgement import Slots
    from lambdalint.binaries.slots import Slot

#: Names that are shown for each CPU.
_SHOWN: Final = 2


def by_cpu(slots: Slots) -> dict[str, list[Slot]]:
    """Return the slots that only files for one CPU fill, by Lambda's name for it."""
    found: dict[str, list[Slot]] = {}
    for slot in slots.all:
        cpus = {native.cpu for native in slot.fitting}
        if len(cpus) == 1:
            cpu = cpus.pop()
            if cpu in MACHINES:
                found.setdefault(cpu, []).append(slot)
    return dict(sorted(found.items()))


def mixed(slots: Slots) -> Iterator[Hit]:
    """Yield a hit when neither CPU can be right: what is loaded needs both."""
    found = by_cpu(slots)
    if slots.wanted.architecture is not None or len(found) < 2:
        return
    sure = {cpu: [slot for slot in members if slots.is_sure(slot)] for cpu, members in found.items()}
    severity = None if all(sure.values()) else Severity.WARNING
    parts = [f"{_named(slots, sure[cpu] or members)} for {MACHINES[cpu]}" for cpu, members in found.items()]
    places: list[Native] = [(sure[cpu] or members)[0].fitting[0] for cpu, members in found.items()]
    yield Hit(listed(places), f"built for both CPUs, of which a function has one: {'; '.join(parts)}", severity=severity)


def alone(slots: Slots) -> Iterator[Hit]:
    """Yield a hit that says for which CPU everything is, when the function's is not told."""
    found = by_cpu(slots)
    if slots.wanted.architecture is None and len(found) == 1:
        ((cpu, members),) = found.items()
        message = f"built for {MACHINES[cpu]}: {_named(slots, members)}; the function's architecture is not told"
        yield Hit(listed([slot.fitting[0] for slot in members]), message, fix=f"--architecture {cpu}")


def _named(slots: Slots, members: list[Slot]) -> str:
    names = list(dict.fromkeys(str(slots.owner(slot)).rpartition("/")[2] for slot in members))
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
