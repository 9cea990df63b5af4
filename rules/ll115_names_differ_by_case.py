"""Two names differ only by upper and lower case.

On Linux, and so on Lambda, they are two files. On the macOS or Windows machine where the package was made or tested
they are one, so what was tested may not be what runs. AWS says nothing.

Fix: rename one of the two.

Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-function-zip.html
"""

from collections.abc import Iterator

from lambdalint import Entry, Hit, Kind, Package, Phase, Severity, rule


@rule("LL115", "names-differ-by-case", Severity.NOTE, Phase.UPLOAD)
def names_differ_by_case(code: Package) -> Iterator[Hit]:
    if len({entry.path.lower() for entry in code.entries}) == len(code.entries):
        return
    seen: dict[str, Entry] = {}
    places: list[tuple[Entry, Entry]] = []
    for entry in code.entries:
        if entry.kind is Kind.DIR:
            continue
        first = seen.setdefault(entry.path.lower(), entry)
        if first.path != entry.path:
            places.append((entry, first))
    if places:
        yield Hit([entry for entry, _ in places], f"differs from {places[0][1].path} only by case")
