"""One name stands in the archive more than once.

Which of the two is deployed depends on the program that unpacks: some keep the first, some the last, some stop and
ask. The bytes you tested may not be those that run. Build scripts that add to an existing archive, and two
dependencies with the same file merged into one, cause it. AWS says nothing.

Fix: delete the old archive before zipping, or build from an empty folder.

Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
"""

from collections.abc import Iterator

from lambdalint import Entry, Hit, Kind, Package, Phase, Severity, rule


@rule("LL107", "duplicate-name", Severity.WARNING, Phase.UPLOAD)
def duplicate_name(package: Package) -> Iterator[Hit]:
    if len({entry.path for entry in package.entries}) == len(package.entries):
        return
    seen: dict[str, list[Entry]] = {}
    for entry in package.entries:
        if entry.kind is not Kind.DIR:
            seen.setdefault(entry.path, []).append(entry)
    places = [entries[0] for entries in seen.values() if len(entries) > 1]
    if places:
        sizes = seen[places[0].path]
        told = " and ".join(f"{entry.size:,}" for entry in sizes[:3])
        yield Hit(places, f"the name stands {len(sizes)} times in the archive, with {told} bytes")
