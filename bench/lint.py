"""Prints what a lint costs, as ratios in one run: a small one against ``import click``, large ones against ``unzip -t``.

usage: python bench/lint.py [RUNTIME:HANDLER:ZIP ...]

The bars: 1.6 for the small lint (1.75 with all rules there will be), 0.5 for a data-science zip of 240 MB and 0.6 for one
of 20,000 files of Node.js, everything verified; peak memory below 80 MB. Compiled modules must be cached: install lambdalint.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import zipfile

ROUNDS = 9
LINT = [sys.executable, "-m", "lambdalint", "--isolated", "--fail-on", "never"]


def cpu(command: list[str]) -> float:
    """Return the CPU seconds of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def ratio(ours: list[str], other: list[str], rounds: int) -> float:
    """Return the median of our CPU time by the other's, run in turn after a warm-up of both."""
    cpu(ours), cpu(other)
    return statistics.median(cpu(ours) / cpu(other) for _ in range(rounds))


def peak(command: list[str]) -> float:
    """Return the peak memory of one run in MB. Of a program that is started the system remembers ours too, which is less."""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss / 1024


def main(arguments: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        small = os.path.join(folder, "small.zip")
        with zipfile.ZipFile(small, "w") as archive:
            info = zipfile.ZipInfo("app.py")
            info.external_attr = 0o100644 << 16
            archive.writestr(info, "def handler(event, context):\n    return event\n")
        told = ["--runtime", "python3.12", "--handler", "app.handler"]
        figure = ratio([*LINT, *told, small], [sys.executable, "-c", "import click"], ROUNDS)
        print(f"small lint: {figure:.2f} x import click")
    for argument in arguments:
        runtime, handler, path = argument.split(":", 2)
        told = ["--runtime", runtime, "--handler", handler, "--architecture", "x86_64", path]
        figure = ratio([*LINT, *told], ["unzip", "-tq", path], 3)
        print(f"{os.path.basename(path)}: {figure:.2f} x unzip -t, {peak([*LINT, *told]):.0f} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
