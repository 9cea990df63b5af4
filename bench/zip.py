"""What it costs to read a zip and verify every byte of it, as a ratio to what ``unzip -t`` costs on the same file.

    python bench/zip.py FILE...

Each program runs several times in turn, so that a busy machine slows all of them; the least CPU time of each counts.
A peak is of resident memory, in MB.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

ROUNDS = 5
#: A whole process: start, open, unpack, sum.
READ = """
import sys
from lambdalint.readers import inflate, open_package
inflate.BULK = getattr(inflate, sys.argv[2]) or sys.exit("isal is not installed")
package = open_package(sys.argv[1])
package.contents.verify()
flaws = [*package.archive.flaws, *package.contents.flaws]
print(len(package.entries), package.contents.bytes_inflated, len(flaws))
"""
ROOT = Path(__file__).parents[1]


def cost(*command: str) -> tuple[float, int, str]:
    """Run a command and return its CPU seconds, its peak in KB and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=dict(os.environ, PYTHONPATH=str(ROOT))) as child:
        assert child.stdout is not None
        output = child.stdout.read()
        # The peak of this one child, which getrusage alone does not tell.
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{command[0]} failed: {output}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, used.ru_maxrss, output


def measure(path: str) -> None:
    commands = {
        "unzip -t": ("unzip", "-tqq", path),
        "isal": (sys.executable, "-c", READ, path, "ISAL"),
        "zlib": (sys.executable, "-c", READ, path, "ZLIB"),
        "python -c pass": (sys.executable, "-c", "pass"),
    }
    costs: dict[str, list[tuple[float, int, str]]] = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            costs[name].append(cost(*command))
    base = min(seconds for seconds, _, _ in costs["unzip -t"])
    entries, size, flaws = costs["isal"][0][2].split()
    print(f"{path}: {int(entries):,} entries, {int(size):,} bytes unpacked, {flaws} flaws")
    for name, runs in costs.items():
        seconds = min(run[0] for run in runs)
        print(f"  {name:15} {seconds:7.3f} s CPU  {seconds / base:5.2f} x unzip -t  peak {max(run[1] for run in runs) / 1024:5.0f} MB")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    for argument in sys.argv[1:]:
        measure(str(Path(argument).resolve()))
