"""How long and how much memory it takes to open and to judge a large image, held against openssl and gzip over the same bytes.

    python bench/image.py [--megabytes 2000] [--members 34000] [--folder DIR]

Generates the image once, with sizes spread as in a real one (most files are small, some libraries are large), and nothing wrong
with it. Every command runs once before it counts, so that its modules are compiled.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import json
import multiprocessing
import os
import random
import shutil
import struct
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import time
from io import BytesIO

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
#: A user's Python keeps what it compiled.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
OPEN = """
import sys
from lambdalint.readers import open_package
verify = len(sys.argv) < 3
package = open_package(sys.argv[1], verify=verify)
if verify:
    package.contents.verify()
"""
#: Two digests and one inflation of a layer, and nothing else: what no reader that checks both can go below.
FLOOR = """
import hashlib, sys
from isal import igzip_lib
for path in sys.argv[1:]:
    stored, plain, stream = hashlib.sha256(), hashlib.sha256(), igzip_lib.IgzipDecompressor(igzip_lib.DECOMP_GZIP)
    with open(path, "rb", buffering=0) as file:
        while not stream.eof:
            data = file.read(1 << 18) if stream.needs_input else b""
            stored.update(data)
            plain.update(stream.decompress(data, 1 << 18))
"""


def sizes(rng: random.Random, members: int, total: int) -> list[int]:
    raw = [rng.lognormvariate(8, 2.2) for _ in range(members)]
    scale = total / sum(raw)
    return [int(one * scale) for one in raw]


@functools.cache
def material() -> bytes:
    """Return the bytes of this Python's own files, which pack as those of an image do."""
    found = []
    for folder, _, names in sorted(os.walk(sysconfig.get_paths()["stdlib"])):
        for name in sorted(names):
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    found.append(file.read(4 << 20))
        if sum(map(len, found)) > 128 << 20:
            break
    return b"".join(found)


def program() -> bytes:
    """Return a program for x86-64 that needs nothing and does nothing: its header, and one segment of a single instruction."""
    header = b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, 0x400078, 64, 0, 0, 64, 56, 1, 64, 0, 0)
    return header + struct.pack("<IIQQQQQQ", 1, 5, 0, 0x400000, 0x400000, 121, 121, 4096) + b"\xf4"


#: What an image needs so that nothing is wrong with it.
SOUND = {
    "entry": program(),
    "var/task/app.py": b"def handler(event, context):\n    return event\n",
}


def add(tar: tarfile.TarFile, path: str, data: bytes, mode: int = 0o644) -> None:
    entry = tarfile.TarInfo(path)
    entry.size, entry.mode = len(data), mode
    tar.addfile(entry, BytesIO(data))


def write_layer(path: str, rng: random.Random, members: int, total: int) -> None:
    stuff = material()
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as tar:
        folder = ""
        for number, size in enumerate(sizes(rng, members, total)):
            if number % 12 == 0:
                folder = f"{rng.choice(('usr/lib', 'usr/share', 'var/lang/lib', 'var/task'))}/package_{number}/module"
                for depth in range(1, folder.count("/") + 2):
                    made = tarfile.TarInfo("/".join(folder.split("/")[:depth]))
                    made.type, made.mode = tarfile.DIRTYPE, 0o755
                    tar.addfile(made)
            body = program() if number % 18 == 0 and size > 121 else b""
            suffix = rng.choice((".so", "")) if body else rng.choice((".py", ".html", ".pyc", ".txt", ""))
            while len(body) < size:
                at = rng.randrange(len(stuff))
                body += stuff[at : at + size]
            add(tar, f"{folder}/file_{number}{suffix}", body[:size], 0o755)


def digest(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def generate(folder: str, megabytes: int, members: int) -> None:
    rng = random.Random(7)
    shares = (0.7, 0.2, 0.06, 0.04)
    os.makedirs(f"{folder}/oci/blobs/sha256", exist_ok=True)
    layers = []
    for number, share in enumerate(shares):
        plain = f"{folder}/layer{number}.tar"
        write_layer(plain, rng, int(members * share * 0.8), int(megabytes * share * 1e6))
        if not layers:
            with tarfile.open(plain, "a") as tar:
                for path, text in SOUND.items():
                    add(tar, path, text, 0o755)
        subprocess.run(["gzip", "-kf", plain], check=True)
        layers.append((plain, f"{plain}.gz", digest(plain), digest(f"{plain}.gz")))
    start = {"Entrypoint": ["/entry"], "Cmd": ["app.handler"], "WorkingDir": "/var/task"}
    config = json.dumps({"architecture": "amd64", "os": "linux", "config": start,
                         "rootfs": {"diff_ids": [f"sha256:{plain}" for _, _, plain, _ in layers]}}).encode()  # fmt: skip
    name = hashlib.sha256(config).hexdigest()
    for _, packed, _, sha in layers:
        os.replace(packed, f"{folder}/oci/blobs/sha256/{sha}")
    said = {"schemaVersion": 2, "config": {"digest": f"sha256:{name}", "size": len(config)}, "layers": [
        {"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": f"sha256:{sha}",
         "size": os.path.getsize(f"{folder}/oci/blobs/sha256/{sha}")} for _, _, _, sha in layers]}  # fmt: skip
    manifest = json.dumps(said).encode()
    pointer = {"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": f"sha256:{hashlib.sha256(manifest).hexdigest()}",
               "size": len(manifest)}  # fmt: skip
    for data in (config, manifest):
        with open(f"{folder}/oci/blobs/sha256/{hashlib.sha256(data).hexdigest()}", "wb") as file:
            file.write(data)
    for path, text in (("oci-layout", '{"imageLayoutVersion": "1.0.0"}'), ("index.json", json.dumps({"manifests": [pointer]}))):
        with open(f"{folder}/oci/{path}", "w", encoding="ascii") as out:
            out.write(text)
    with tarfile.open(f"{folder}/save.tar", "w") as tar:
        for plain, _, sha, _ in layers:
            tar.add(plain, f"{sha}/layer.tar")
            os.unlink(plain)
        listed = json.dumps(
            [{"Config": f"{name}.json", "RepoTags": ["bench:1"], "Layers": [f"{sha}/layer.tar" for _, _, sha, _ in layers]}]
        )
        for path, data in ((f"{name}.json", config), ("manifest.json", listed.encode())):
            add(tar, path, data)


class Cost:
    """What one program took."""

    def __init__(self, *command: str) -> None:
        start = time.monotonic()
        child = subprocess.Popen(command, cwd=ROOT, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in (0, 1):  # findings are no failure
            raise SystemExit(f"{command[0]} failed")
        self.seconds = time.monotonic() - start
        self.cpu = used.ru_utime + used.ru_stime
        self.memory = used.ru_maxrss / 1024

    def __str__(self) -> str:
        return f"{self.cpu:6.2f} s CPU {self.seconds:6.2f} s in all {self.memory:4.0f} MB"


def opened(path: str, *how: str) -> Cost:
    return Cost(sys.executable, "-c", OPEN, path, *how)


def judged(path: str, *options: str) -> Cost:
    return Cost(sys.executable, "-m", "lambdalint", "--isolated", "-q", path, *options)


def against(what: str, cost: Cost, other: Cost, bar: float) -> None:
    print(f"{what:50}{cost}   {cost.cpu / other.cpu:.2f} of the CPU, {cost.seconds / other.seconds:.2f} of the time (at most {bar})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=2_000)
    parser.add_argument("--members", type=int, default=34_000)
    parser.add_argument("--folder", default=os.path.join(tempfile.gettempdir(), "lambdalint-bench-image"))
    told = parser.parse_args()
    if not os.path.exists(f"{told.folder}/save.tar"):
        # In a process of its own: what a child starts with counts for its peak of memory.
        maker = multiprocessing.Process(target=generate, args=(told.folder, told.megabytes, told.members))
        maker.start()
        maker.join()
    blobs = [entry.path for entry in os.scandir(f"{told.folder}/oci/blobs/sha256") if entry.stat().st_size > 10_000]
    save, oci, cache = f"{told.folder}/save.tar", f"{told.folder}/oci", f"{told.folder}/cache"
    shutil.rmtree(cache, ignore_errors=True)
    judged(save, "--no-verify")
    Cost("openssl", "dgst", "-sha256", save, *blobs)  # what comes first pays for reading the disk
    summed, tested = Cost("openssl", "dgst", "-sha256", save), Cost("gzip", "-t", *blobs)
    print(f"{'openssl dgst -sha256 of the docker-save':50}{summed}")
    print(f"{'gzip -t of the layers':50}{tested}")
    against("isal and two digests, nothing else", Cost(sys.executable, "-c", FLOOR, *blobs), tested, 0.5)
    against("docker-save, opened, digests unchecked", opened(save, "unchecked"), summed, 0.25)
    against("docker-save, judged, --no-verify", judged(save, "--no-verify"), summed, 0.25)
    against("OCI, opened, digests checked", opened(oci), tested, 0.5)
    against("OCI, judged", judged(oci), tested, 0.5)
    first = judged(oci, "--cache-dir", cache)
    against("OCI, judged with an empty --cache-dir", first, tested, 0.6)
    against("the same, the second time", judged(oci, "--cache-dir", cache), first, 0.1)
    shutil.rmtree(cache)


if __name__ == "__main__":
    main()
