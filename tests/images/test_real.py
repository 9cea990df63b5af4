"""Images as real programs write them: umoci makes one, skopeo copies it into every form."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from lambdalint.model import Form
from lambdalint.readers import open_package
from tests.images.opened import image, tree

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not (shutil.which("umoci") and shutil.which("skopeo")), reason="wants umoci and skopeo"),
]


def run(folder: Path, *command: str) -> None:
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An OCI layout of two layers, with a whiteout, a link and a hard link, and copies of it."""
    folder = tmp_path_factory.mktemp("real")
    run(folder, "umoci", "init", "--layout", "oci")
    run(folder, "umoci", "new", "--image", "oci:latest")
    root = folder / "bundle" / "rootfs"
    for step in range(2):
        shutil.rmtree(folder / "bundle", ignore_errors=True)
        run(folder, "umoci", "unpack", "--rootless", "--image", "oci:latest", "bundle")
        if step == 0:
            (root / "var/task").mkdir(parents=True)
            (root / "usr/bin").mkdir(parents=True)
            (root / "var/task/app.py").write_text("def handler(event, context): ...\n")
            (root / "usr/bin/long").write_bytes(b"\x7fELF" + bytes(300_000))
            (root / "var/task/gone.py").write_text("x = 1\n")
            os.link(root / "usr/bin/long", root / "usr/bin/same")
            os.symlink("usr/bin", root / "bin")
            deep = root / "var/task" / "/".join(["folder_" + "n" * 60] * 5)
            deep.mkdir(parents=True)
            (deep / "module.py").write_text("y = 2\n")
        else:
            (root / "var/task/gone.py").unlink()
            (root / "var/task/new.py").write_text("z = 3\n")
        run(folder, "umoci", "repack", "--image", "oci:latest", "bundle")
    run(folder, "umoci", "config", "--image", "oci:latest", "--config.cmd", "app.handler", "--architecture", "arm64", "--os", "linux")
    for target in ("oci-archive:oci.tar:latest", "docker-archive:docker.tar:me/fn:1", "dir:dir"):
        run(folder, "skopeo", "copy", "-q", "oci:oci:latest", target)
    run(folder, "skopeo", "copy", "-q", "--dest-compress", "--dest-compress-format", "zstd", "oci:oci:latest", "oci:zstd:latest")
    run(folder, "gzip", "-k", "docker.tar")
    return folder


@pytest.mark.parametrize(("name", "form"), [
    ("oci", Form.OCI), ("oci.tar", Form.OCI), ("docker.tar", Form.DOCKER), ("docker.tar.gz", Form.DOCKER),
    ("dir", Form.OCI), ("zstd", Form.OCI),
])  # fmt: skip
def test_every_copy_is_the_same_package(made: Path, name: str, form: Form) -> None:
    package = open_package(str(made / name))
    package.contents.verify()
    assert package.form is form
    assert not package.archive.flaws
    assert not package.contents.flaws
    assert tree(package) == tree(open_package(str(made / "oci")))
    assert package.get("var/task/gone.py") is None
    assert package.get("var/task/new.py") is not None
    config = image(package).config
    assert config is not None
    assert (config.command, str(config.platform)) == (("app.handler",), "linux/arm64")
