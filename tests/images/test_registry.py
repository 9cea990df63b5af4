"""Images as real programs make and move them: built, pushed to a registry, copied back into every form; the same is found in each."""

from __future__ import annotations

import io
import json
import os
import shutil
import socket
import subprocess
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests import imagewriter as make
from tests.elfwriter import Elf
from tests.face import spawn
from tests.imagebuild import base_layer

WANTED: Final = ("buildah", "umoci", "skopeo", "docker-registry", "gzip", "zstd")
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(any(shutil.which(name) is None for name in WANTED), reason=f"wants {', '.join(WANTED)}"),
]

HEALTHY: Final = make.tar(
    make.folders("var/task/lib"), make.file("var/task/gone.py", b"x = 1\n"), make.link("var/task/data", "lib"),
    make.file("var/task/app.py", b"import json, lib.tool\n\ndef handler(event, context):\n    return event\n"),
    make.file("var/task/lib/__init__.py"), make.file("var/task/lib/tool.py", b"y = 2\n"),
)  # fmt: skip
FAULTY: Final = make.tar(
    make.folders("var/task", "opt/extensions"),
    make.file("var/task/app.py", b"import json, native, lost\n\ndef handler(event, context):\n    return event\n"),
    make.file("var/task/settings.json", b"{}", 0o600),
    make.file("var/task/native.so", Elf(machine=183, exports=["PyInit_native"]).built(), 0o755),
    make.file("var/task/start.sh", b"#!/bin/sh\r\nexec python3\n"), make.link("var/task/config", "/home/kim/config"),
    make.file("opt/extensions/README", b"about"), make.file("opt/extensions/agent", Elf(machine=183).built(), 0o755),
)  # fmt: skip
SETTINGS: Final = {"--entrypoint": '["/lambda-entrypoint.sh"]', "--workingdir": "/var/task", "--cmd": "app.handler"}
#: What is said of how an image is packed and described; all else is about the image.
FORMATS: Final = ("LL701", "LL702", "LL704", "LL706")

Tool = Callable[..., str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("registry")


@pytest.fixture(scope="module")
def registry(folder: Path) -> Iterator[str]:
    """The address of a registry on this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    (folder / "registry.yml").write_text(
        f"version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: {folder / 'store'}}}}}\nhttp: {{addr: {address}}}\n"
    )
    server = subprocess.Popen(["docker-registry", "serve", "registry.yml"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        host, _, port = address.partition(":")
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex((host, int(port))) == 0:
                    break
            time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait()


def run(folder: Path, *command: str) -> str:
    told = {**os.environ, "BUILDAH_ISOLATION": "chroot"}
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True, env=told)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def unpacked(root: Path, layer: bytes) -> None:
    with tarfile.open(fileobj=io.BytesIO(layer)) as tar:
        tar.extractall(root, filter="fully_trusted")


def build(folder: Path, name: str, code: bytes, form: str) -> str:
    """Build an image of two layers with buildah, the second of which takes a file of the first away."""

    def buildah(*words: str) -> str:
        return run(folder, "buildah", "--storage-driver", "vfs", "--root", str(folder / "images"), "--runroot", str(folder / "run"), *words)

    for part, layer in (("base", base_layer("python3.12")), ("code", code)):
        unpacked(folder / name / part, layer)
    base = buildah("from", "scratch")
    buildah("copy", base, f"{name}/base", "/")
    buildah("copy", base, f"{name}/code", "/")
    buildah("config", *(f"{key}={value}" for key, value in SETTINGS.items()), base)
    buildah("commit", "--format", form, "--rm", base, f"{name}-base")
    above = buildah("from", f"localhost/{name}-base")
    mounted = Path(buildah("mount", above))
    (mounted / "var/task/gone.py").unlink(missing_ok=True)
    (mounted / "var/task/more.py").write_text("z = 3\n")
    buildah("commit", "--format", form, "--rm", above, name)
    buildah("push", f"localhost/{name}", f"oci:{name}-oci:1")
    return f"oci:{name}-oci:1"


def build_with_umoci(folder: Path, name: str, code: bytes, _: str) -> str:
    run(folder, "umoci", "init", "--layout", f"{name}-oci")
    image = f"{name}-oci:1"
    run(folder, "umoci", "new", "--image", image)
    for number, layer in enumerate((base_layer("python3.12"), code)):
        bundle = f"{name}-{number}"
        run(folder, "umoci", "unpack", "--rootless", "--image", image, bundle)
        unpacked(folder / bundle / "rootfs", layer)
        run(folder, "umoci", "repack", "--image", image, bundle)
    settings = {"--config.entrypoint": "/lambda-entrypoint.sh", "--config.workingdir": "/var/task", "--config.cmd": "app.handler"}
    run(folder, "umoci", "config", "--image", image, *(word for pair in settings.items() for word in pair), "--architecture", "amd64", "--os", "linux")
    return f"oci:{image}"


#: How an image comes back from the registry, by the name of what it becomes.
COPIES: Final = {
    "docker.tar": ("docker-archive:docker.tar:me/fn:1",),
    "layout": ("oci:layout:1",),
    "layout.tar": ("oci-archive:layout.tar:1",),
    "zstd": ("--dest-compress", "--dest-compress-format", "zstd", "oci:zstd:1"),
    "dir": ("dir:dir",),
    "dir-v2s2": ("--format", "v2s2", "dir:dir-v2s2"),
    "dir-plain": ("--dest-decompress", "dir:dir-plain"),
}  # fmt: skip
PACKED: Final = {"docker.tar.gz": ("gzip", "-k"), "docker.tar.zst": ("zstd", "-qk"), "layout.tar.gz": ("gzip", "-k"), "layout.tar.zst": ("zstd", "-qk")}


def copies(folder: Path, source: str) -> list[Path]:
    folder.mkdir()
    for words in COPIES.values():
        run(folder, "skopeo", "copy", "-q", "--src-tls-verify=false", *words[:-1], f"docker://{source}", words[-1])
    for name, command in PACKED.items():
        run(folder, *command, name.rpartition(".")[0])
    return [folder / name for name in (*COPIES, *PACKED)]


def found(image: Path) -> tuple[dict[str, Any], set[str]]:
    """Return what a report says of an image but for where it lies and how it is packed, and the rules that speak of that."""
    done = spawn(str(image), "--isolated", "--output-format", "json", "--as-of", "2026-11-21", cwd=image.parent)
    assert not done.stderr
    (told,) = json.loads(done.stdout)["packages"]
    findings = told.pop("findings")
    for key in ("package", "form", "size", "image"):
        told.pop(key, None)
    about = [{key: value for key, value in one.items() if key != "package"} for one in findings if one["rule"] not in FORMATS]
    return {**told, "findings": about}, {one["rule"] for one in findings}


@pytest.mark.parametrize("form", ["oci", "docker", "umoci"])
@pytest.mark.parametrize(
    ("name", "code", "rules"),
    [("healthy", HEALTHY, set()), ("faulty", FAULTY, {"LL201", "LL203", "LL306", "LL401", "LL807"})], ids=["healthy", "faulty"],
)  # fmt: skip
def test_the_same_is_found_in_every_form(folder: Path, registry: str, name: str, code: bytes, rules: set[str], form: str) -> None:
    builder = build_with_umoci if form == "umoci" else build
    name = f"{name}-{form}"
    source = f"{registry}/{name}:1"
    run(folder, "skopeo", "copy", "-q", "--dest-tls-verify=false", builder(folder, name, code, form), f"docker://{source}")
    told = {path.name: found(path) for path in copies(folder / f"{name}-copies", source)}
    first, _ = told["layout"]
    assert rules <= {one["rule"] for one in first["findings"]}
    if not rules:
        assert [one for one in first["findings"] if one["severity"] != "note"] == []
    for path, (whole, spoken) in told.items():
        assert whole == first, path
        formats = spoken & set(FORMATS)
        assert formats == {"zstd": {"LL706"}, "dir-plain": {"LL704"}}.get(path, set()), path
