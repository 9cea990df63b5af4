"""Archives that lie: what is wrong is told, bounded, and nothing else happens."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lambdalint.model import Flaw, Lacking, UnreadablePackage
from lambdalint.readers import flaws, open_packages
from tests import imagewriter as make
from tests.images.opened import image, opened, refused, sorts
from tests.images.test_forms import LAYERS, SETTINGS, new, old

ROOT = Path(__file__).parents[2]
CORPUS = Path(os.environ.get("LAMBDALINT_CORPUS", ROOT.parent / "shared" / "corpus")) / "hostile-upstream"
TAR = make.tar(make.folders("var/task"), make.file("var/task/app.py", b"x"))

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits address space as Linux does")


def oci(change: Callable[[dict[str, Any]], None] = lambda said: None, *, pack: Callable[[bytes], bytes] = make.zipped) -> bytes:
    """Return an OCI tar after its manifest was changed, and what points to it with it."""
    blobs = make.Blobs()
    pointer = blobs.image([TAR], pack=pack)
    said = json.loads(blobs.all.pop(pointer["digest"]))
    change(said)
    return make.packed_files(blobs.layout([blobs.add(json.dumps(said).encode(), make.MANIFEST)]))


def found_late(path: Path, data: bytes) -> list[type[Flaw]]:
    package = opened(path, data)
    package.contents.verify()
    return [*sorts(package.archive.flaws), *sorts(package.contents.flaws)]


def test_wrong_digests_are_told(tmp_path: Path) -> None:
    wrong = "0" * 64
    blobs = make.Blobs()
    pointer = blobs.image([TAR])
    files = blobs.layout([pointer])
    manifest = json.loads(blobs.all[pointer["digest"]])
    for part in (manifest["config"], manifest["layers"][0]):
        path = f"blobs/sha256/{part['digest'].removeprefix('sha256:')}"
        longer = files[path] + (b" " if part is manifest["config"] else b"\0")
        assert flaws.WrongDigest in found_late(tmp_path / "x", make.packed_files(files | {path: longer}))
    saved = make.saved([TAR])
    assert found_late(tmp_path / "x", make.packed_files(saved)) == []
    name = next(path for path in saved if path.endswith(".json") and path != "manifest.json")
    lying = saved[name].replace(make.digest(TAR).removeprefix("sha256:").encode(), wrong.encode())
    assert found_late(tmp_path / "x", make.packed_files(saved | {name: lying})) == [flaws.WrongDigest]


def test_digests_are_left_alone_when_asked_to(tmp_path: Path) -> None:
    saved = make.saved([TAR])
    name = next(path for path in saved if path.endswith(".json") and path != "manifest.json")
    lying = saved[name].replace(make.digest(TAR).encode(), make.digest(b"other").encode())
    package = opened(tmp_path / "x", make.packed_files(saved | {name: lying}), verify=False)
    package.contents.verify()
    assert not [*package.archive.flaws, *package.contents.flaws]


def test_wrong_sizes_are_told(tmp_path: Path) -> None:
    def lie(said: dict[str, Any]) -> None:
        said["layers"][0]["size"] = 1
        said["config"]["size"] = 2

    assert found_late(tmp_path / "x", oci(lie)) == [flaws.WrongBlobSize] * 2


BAD_DIGESTS = ["sha256:../../../../etc/passwd", "sha512:" + "0" * 128, "sha256:" + "A" * 64, "", "sha256:" + "0" * 64 + "\n"]


@pytest.mark.parametrize("digest", BAD_DIGESTS)
def test_a_digest_is_no_path(tmp_path: Path, digest: str) -> None:
    for part in (lambda said: said["config"], lambda said: said["layers"][0]):
        data = oci(lambda said, part=part: part(said).update(digest=digest))  # type: ignore[misc]
        assert flaws.BadDocument in sorts(refused(tmp_path / "x", data).archive.flaws)


@pytest.mark.parametrize(("change", "sort"), [
    (lambda said: said.update(layers="x"), flaws.NotAnImage),
    (lambda said: said.update(layers=[1]), flaws.NotAnImage),
    (lambda said: said.update(schemaVersion=1), flaws.NotAnImage),
    (lambda said: said["config"].update(mediaType="application/vnd.cncf.helm.config.v1+json"), flaws.NotAnImage),
    (lambda said: said["layers"][0].update(digest=make.digest(b"lost"), urls=["https://example.com/layer"]), flaws.LostBlob),
    (lambda said: said.update(layers=said["layers"] * 2_000), flaws.BeyondCap),
    (lambda said: said.update(manifests=[], layers=None), flaws.NotAnImage),
])  # fmt: skip
def test_manifests_that_lead_nowhere(tmp_path: Path, change: Callable[[dict[str, Any]], None], sort: type[Flaw]) -> None:
    assert sort in sorts(refused(tmp_path / "x", oci(change)).archive.flaws)


@pytest.mark.parametrize("text", [
    b"", b"{", b"[]", b"{}", b"null", b"[1]", b"\xff", b"[" * 100_000, b'[{"Layers": ["x"]}]', b'[{"Config": "c", "Layers": "x"}]',
    b'[{"Config": "../../../etc/passwd", "Layers": ["/etc/passwd"]}]', b'[{"Config": "manifest.json", "Layers": ["manifest.json"]}]',
    b" " * (5 << 20), b"1" * 5_000,
])  # fmt: skip
def test_lists_of_images_that_are_none(tmp_path: Path, text: bytes) -> None:
    for name in ("manifest.json", "index.json"):
        refused(tmp_path / "x", make.packed_files({"oci-layout": b"{}", name: text, "index.json": text}))


def test_an_index_that_leads_to_itself_ends(tmp_path: Path) -> None:
    blobs = make.Blobs()
    pointer = blobs.image([TAR])
    for _ in range(12):
        pointer = blobs.index([pointer])
    assert sorts(refused(tmp_path / "x", make.packed_files(blobs.layout([pointer]))).archive.flaws) == [flaws.BeyondCap]


@pytest.mark.parametrize("layer", [
    TAR[:600], make.zipped(TAR)[:40], make.zipped(TAR) + b"rest", make.zipped(make.zipped(TAR)), b"BZh91AY" + bytes(600),
    b"PK\3\4" + bytes(600),
    make.zstd(TAR)[:-6], b"\x28\xb5\x2f\xfd" + b"\xff" * 50, make.zipped(b"x" * 600), make.header(b"a", 1 << 61), b"not a tar" * 100,
], ids=range(11))  # fmt: skip
def test_layers_that_cannot_be_read_to_their_end(tmp_path: Path, layer: bytes) -> None:
    for data in (make.packed_files(make.saved([layer])), make.zipped(make.packed_files(make.saved([layer])))):
        unreadable = refused(tmp_path / "x", data)
        assert {flaws.BrokenLayer, flaws.LostBlob} & set(sorts(unreadable.archive.flaws))
        assert unreadable.archive.image is not None
        assert unreadable.archive.image.config is not None


@linux
def test_bombs_are_stopped(tmp_path: Path) -> None:
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    head = packer.compress(make.header(b"zeros", 3 << 30)) + packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(bytes(64 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)  # which stands for itself, and can be said again
    assert judged(tmp_path / "x", head + piece * 20) == [flaws.BrokenLayer]
    (found,) = open_packages(str(tmp_path / "x"))
    (flaw,) = found.archive.of(flaws.BrokenLayer)
    assert "unpack to more than" in flaw.detail


def test_a_whole_archive_that_is_cut_off(tmp_path: Path) -> None:
    whole = make.packed_files(old())
    for data in (whole[: len(whole) // 2], make.zipped(whole)[:-30]):
        assert sorts(refused(tmp_path / "x", data).archive.flaws) == [flaws.Truncated]


def test_a_list_that_is_there_twice_is_told(tmp_path: Path) -> None:
    files = make.saved([TAR])
    data = make.tar(*(make.file(name, data) for name, data in [("manifest.json", b"[]"), *files.items()]))
    assert sorts(opened(tmp_path / "x", data).archive.flaws) == [flaws.OddRecord]


def test_wrong_types_in_a_config_are_told_and_the_rest_is_read(tmp_path: Path) -> None:
    package = opened(tmp_path / "x", make.packed_files(make.saved([TAR], {"Cmd": "x", "Env": [1], "WorkingDir": "/var/task", "User": {}})))
    config = image(package).config
    assert config is not None
    assert (config.command, config.environment, config.working_directory, config.user) == (None, None, "/var/task", None)
    assert sorts(package.archive.flaws) == [flaws.BadDocument] * 3


def everything(path: str) -> None:
    """Open a file and read all that can be read of it."""
    for package in open_packages(path):
        if isinstance(package, UnreadablePackage):
            assert package.archive.flaws
            continue
        package.contents.verify()
        for entry in package.files():
            try:
                package.read(entry, 1_000)
            except Lacking:
                continue


@given(
    st.sampled_from(
        [make.packed_files(old()), make.packed_files(new()), oci(), oci(pack=make.zstd), make.zipped(make.packed_files(old()))]
    ),
    st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), min_size=1, max_size=8),
    st.integers(0, 1 << 20),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_change_is_told_or_harmless(
    tmp_path: Path, sealed: Callable[[], AbstractContextManager[None]], seed: bytes, patches: list[tuple[int, int]], keep: int
) -> None:
    data = bytearray(seed)
    for at, byte in patches:
        data[at % len(data)] = byte
    path = tmp_path / "fuzzed"
    path.write_bytes(data if keep % 3 else data[: keep % len(data)])
    with sealed():
        everything(str(path))


@linux
@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of hostile archives is not here")
def test_hostile_archives_of_others_in_bounded_memory() -> None:
    import resource

    rows = json.loads((CORPUS / "manifest.json").read_text())["files"]
    paths = [str(CORPUS / row["file"]) for row in rows if row["container"] == "tar" and (CORPUS / row["file"]).exists()]
    assert paths
    program = "import sys; from tests.images.test_damage import everything; [everything(path) for path in sys.argv[1:]]"
    done = subprocess.run(
        [sys.executable, "-c", program, *paths],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (512 << 20, 512 << 20)),
    )  # fmt: skip
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "")


#: The whole command in the memory that SECURITY.md promises; it ends with what it took of the processor's time.
COMMAND = """
import resource, sys, time
resource.setrlimit(resource.RLIMIT_AS, (512 << 20, 512 << 20))
from lambdalint.cli import main
code = main([sys.argv[1], "--isolated", "--output-file", sys.argv[2]])
print(code, time.process_time())
"""


def judged(path: Path, *layers: bytes) -> list[type[Flaw]]:
    """Hold the judgement of an image to what SECURITY.md promises, and return the image's flaws."""
    path.write_bytes(make.packed_files(make.saved(layers)))
    # Being measured takes thrice as long and is no promise; nor is what a busy machine takes by the clock.
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    command = [sys.executable, "-c", COMMAND, str(path), str(path.parent / "report")]
    done = subprocess.run(command, cwd=ROOT, env=unmeasured, capture_output=True, text=True, check=False, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    code, seconds = done.stdout.split()
    assert code in ("0", "1")
    assert float(seconds) < 10
    (found,) = open_packages(str(path))
    return sorts(found.archive.flaws)


@linux
def test_links_that_lead_a_long_way_are_bounded(tmp_path: Path) -> None:
    hops = b"".join(make.pax({"linkpath": b"d/../" * 800 + f"l{n + 1}".encode()}) + make.link(f"l{n}", "") for n in range(39))
    files = b"".join(make.file(f"l0/f{n}/x") for n in range(2_000))
    assert flaws.BeyondCap in judged(tmp_path / "x", make.zipped(make.tar(make.directory("d"), make.directory("l39"), hops, files)))


@linux
def test_names_that_imply_too_many_directories_are_bounded(tmp_path: Path) -> None:
    names = b"".join(make.pax({"path": f"{n}{'/d' * 200}/f".encode()}) + make.file("") for n in range(2_000))
    assert flaws.BeyondCap in judged(tmp_path / "x", make.zipped(make.tar(names)))


@linux
def test_a_million_entries_and_thousands_of_streams_are_bounded(tmp_path: Path) -> None:
    assert judged(tmp_path / "x", make.zipped(make.file("a") * 400_000)) == [flaws.BrokenLayer]
    assert judged(tmp_path / "x", make.zipped(b"") * 30_000 + make.zipped(TAR)) == []
    many = b"".join(make.file(f"var/task/{n}/{'n' * 40}.py") for n in range(200_000))
    assert judged(tmp_path / "x", make.zipped(many)) == []


def test_the_seeds_are_whole(tmp_path: Path) -> None:
    assert found_late(tmp_path / "x", oci()) == []
    assert [len(LAYERS), len(SETTINGS)] == [4, 7]
