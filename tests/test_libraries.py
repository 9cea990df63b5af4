"""What Lambda's environments supply, by the tables and by the command that refreshes them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from lambdalint.aws import sonames
from lambdalint.aws.libraries import ARCHITECTURES, AS_OF, SYSTEMS, Ceiling, environment
from lambdalint.aws.runtimes import GLIBC, RUNTIMES
from tools.sonames import current, differences, read

ROOT = Path(__file__).parent.parent
CORPUS = Path(os.environ.get("LAMBDALINT_CORPUS", ROOT.parent / "shared"))
SOURCE = CORPUS / "facts" / "sonames.json"


# Laws of the tables.


def test_every_system_and_runtime_is_known() -> None:
    assert set(sonames.PRESENT) == set(SYSTEMS) == set(GLIBC)
    assert sonames.RUNTIMES.keys() <= RUNTIMES.keys()
    assert sonames.LIBSTDCXX.keys() <= {*SYSTEMS, *sonames.RUNTIMES}
    assert set(SYSTEMS) <= sonames.LIBSTDCXX.keys()
    assert sonames.IMAGE_ONLY.keys() | sonames.PACKAGE_MANAGER.keys() <= set(SYSTEMS)


@pytest.mark.parametrize("system", SYSTEMS)
def test_sets_do_not_contradict_each_other(system: str) -> None:
    present = {name for names in sonames.PRESENT[system].values() for name in names.split()}
    assert not present & set(sonames.IMAGE_ONLY.get(system, "").split())
    assert set(sonames.PACKAGE_MANAGER.get(system, "").split()) <= present
    for names in sonames.PRESENT[system], *sonames.RUNTIMES.values():
        both = set(names.get("both", "").split())
        assert not both & set(names.get("x86_64", "").split())
        assert not both & set(names.get("arm64", "").split())


@pytest.mark.parametrize("name", [name for name, row in RUNTIMES.items() if row.os is not None])
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_everyone_has_a_c_library(name: str, architecture: str) -> None:
    row = RUNTIMES[name]
    found = environment(row.os, name, architecture)
    assert all(found.has(soname) for soname in ("libc.so.6", "libm.so.6", "libpthread.so.0", "libstdc++.so.6", "libgcc_s.so.1"))
    assert repr(found.ceiling("GLIBC")) == f"GLIBC_{row.glibc}"
    assert found.has("libc.musl-x86_64.so.1") is False
    assert found.has("libQt5Core.so.5") is False


# What is asked of them.


@pytest.mark.parametrize(
    ("runtime", "architecture", "soname", "has", "absent", "image_only", "incidental"),
    [
        ("python3.12", "x86_64", "libcrypt.so.1", True, False, False, False),
        ("python3.12", "arm64", "libcrypt.so.1", False, True, False, False),
        ("python3.12", None, "libcrypt.so.1", None, False, False, False),
        ("nodejs22.x", "x86_64", "libcrypt.so.1", False, True, False, False),
        ("python3.11", "arm64", "libcrypt.so.1", True, False, False, False),
        ("nodejs16.x", "x86_64", "libcrypt.so.1", False, True, True, False),
        ("python3.12", "x86_64", "libgomp.so.1", False, True, False, False),
        ("python3.12", "x86_64", "libmvec.so.1", True, False, False, False),
        ("python3.12", "arm64", "libmvec.so.1", False, True, False, False),
        ("python3.11", "x86_64", "libcurl.so.4", False, True, True, False),
        ("python3.12", "x86_64", "libcurl.so.4", True, False, False, False),
        ("nodejs18.x", "x86_64", "libssl.so.3", True, False, False, False),
        ("python3.11", "x86_64", "libssl.so.3", False, True, False, False),
        ("python3.12", "x86_64", "libgcrypt.so.20", True, False, False, True),
        ("python3.12", "x86_64", "libnever-heard-of.so.1", False, False, False, False),
        ("java21", "arm64", "libjvm.so", True, False, False, False),
        ("python3.12", "arm64", "libjvm.so", False, True, False, False),
        ("nodejs12.x", "x86_64", "libcrypt.so.1", None, False, False, False),
        ("nodejs12.x", "x86_64", "libgomp.so.1", False, True, False, False),
        ("custom", "x86_64", "libgomp.so.1", None, False, False, False),
        ("custom", "x86_64", "libc.so.6", True, False, False, False),
        (None, None, "libcrypt.so.1", None, False, False, False),
        (None, None, "libGL.so.1", None, False, False, False),
        (None, None, "libpq.so.5", False, True, False, False),
        (None, "arm64", "ld-linux-x86-64.so.2", None, False, False, False),
    ],
)
def test_libraries(
    runtime: str | None, architecture: str | None, soname: str, has: bool | None, absent: bool, image_only: bool, incidental: bool
) -> None:
    found = environment(None, runtime, architecture)
    assert found.has(soname) is has
    assert found.absent(soname) is absent
    assert found.image_only(soname) is image_only
    assert found.incidental(soname) is incidental


def test_who_has_it() -> None:
    assert environment("AL2023", None, "arm64").suppliers("libcrypt.so.1") == (
        "python3.11", "python3.10", "python3.9", "python3.8", "ruby3.2", "ruby2.7",
    )  # fmt: skip
    assert environment("AL2023").suppliers("libpython3.12.so.1.0") == ("python3.12",)
    assert environment("AL2023").suppliers("libgomp.so.1") == ()


@pytest.mark.parametrize(
    ("system", "runtime", "version", "offers"),
    [
        ("AL2", None, "GLIBC_2.26", True), ("AL2", None, "GLIBC_2.27", False), ("AL2", "python3.11", "GLIBC_2.2.5", True),
        ("AL2023", None, "GLIBC_2.34", True), ("AL2023", None, "GLIBC_2.35", False), (None, None, "GLIBC_2.17", True),
        (None, None, "GLIBC_2.30", None), (None, None, "GLIBC_2.99", False),
        ("AL2", None, "GLIBC_ABI_DT_RELR", False), ("AL2023", None, "GLIBC_ABI_DT_RELR", None), ("AL2023", None, "GLIBC_PRIVATE", None),
        ("AL2", None, "GLIBCXX_3.4.24", True), ("AL2", None, "GLIBCXX_3.4.25", False), ("AL2", None, "CXXABI_1.3.12", False),
        ("AL2023", "python3.12", "GLIBCXX_3.4.33", True), ("AL2023", "python3.12", "GLIBCXX_3.4.34", False),
        ("AL2023", "nodejs24.x", "GLIBCXX_3.4.32", True), ("AL2023", "nodejs24.x", "GLIBCXX_3.4.33", False),
        ("AL2023", None, "GLIBCXX_3.4.33", None), ("AL2023", None, "GLIBCXX_3.4.34", False),
        ("AL2023", "nodejs24.x", "CXXABI_1.3.15", False), ("AL2023", "ruby3.4", "CXXABI_1.3.15", True),
        ("AL2", None, "GCC_7.0.0", True), ("AL2", None, "GCC_12.0.0", False), ("AL2023", None, "GCC_14.0.0", True),
        ("AL2", None, "ZLIB_1.2.9", False), ("AL2023", None, "ZLIB_1.2.9", True), ("AL2023", None, "ZLIB_1.2.12", False),
        ("AL2023", "python3.12", "OPENSSL_3.4.0", True), ("AL2023", "nodejs22.x", "OPENSSL_3.4.0", False),
        ("AL2023", "nodejs22.x", "OPENSSL_3.3.0", True), ("AL2023", "nodejs20.x", "OPENSSL_3.0.0", None),
        ("AL2", None, "OPENSSL_3.0.0", None), ("AL2023", None, "CXXABI_FLOAT128", None), ("AL2023", None, "FOO_1.2", None),
    ],
)  # fmt: skip
def test_versions(system: str | None, runtime: str | None, version: str, offers: bool | None) -> None:
    assert environment(system, runtime).offers(version) is offers


def test_ceilings_say_how_sure_they_are() -> None:
    own, systems = environment("AL2023", "nodejs24.x").ceiling("GLIBCXX"), environment("AL2023", "python3.12").ceiling("GLIBCXX")
    assert own is not None
    assert systems is not None
    assert (own.family, own.number, own.is_sure) == ("GLIBCXX", "3.4.32", False)
    assert (systems.number, systems.is_sure) == ("3.4.33", True)
    assert environment(None).ceiling("GLIBC") is None
    assert Ceiling("GLIBC", "2.34", is_sure=True) == environment("AL2023").ceiling("GLIBC") != Ceiling("GLIBC", "2.26", is_sure=True)


@pytest.mark.parametrize(
    ("architecture", "path", "has"),
    [
        ("x86_64", "/lib64/ld-linux-x86-64.so.2", True), ("arm64", "/lib64/ld-linux-x86-64.so.2", False),
        ("arm64", "/lib/ld-linux-aarch64.so.1", True), ("x86_64", "/lib/ld-linux.so.2", False), (None, "/lib/ld-linux-aarch64.so.1", True),
        ("x86_64", "/lib/ld-musl-x86_64.so.1", False), ("arm64", "/lib/ld-linux-armhf.so.3", False),
        ("x86_64", "/nix/store/x-glibc/lib/ld-linux-x86-64.so.2", False),
    ],
)  # fmt: skip
def test_interpreters(architecture: str | None, path: str, has: bool) -> None:
    assert environment("AL2023", None, architecture).has_interpreter(path) is has


def test_where_libraries_are_looked_for() -> None:
    assert environment("AL2").path[:2] == ("/var/lang/lib", "/lib64")
    assert environment("AL2").path[-1] == "/opt/lib"


# The source, and the command that refreshes the tables.


@pytest.mark.skipif(not SOURCE.is_file(), reason="the source of the tables is not at hand")
@pytest.mark.parametrize("system", SYSTEMS)
def test_tables_say_what_their_source_says(system: str) -> None:
    said: dict[str, Any] = json.loads(SOURCE.read_text(encoding="utf-8"))[system.lower()]
    for name, extra in said["runtime_extra"].items():
        for architecture in ARCHITECTURES[: 1 if system == "AL1" else 2]:
            found = environment(system, name, architecture)
            own = {*extra.get("both", ()), *extra.get(architecture, ())}
            assert all(found.has(soname) for soname in [*said["present"], *said.get(f"present_{architecture}_only", ()), *own])
            # The JVM has loaded itself, so that its library is not looked for.
            assert {soname for soname in said["absent"] if not found.absent(soname)} <= {"libjvm.so"}
            for soname, suppliers in said["absent_except_runtimes"].items():
                assert found.has(soname) is (name in suppliers or f"{name}({architecture})" in suppliers)
                assert found.absent(soname) is not found.has(soname)
    assert set(sonames.IMAGE_ONLY.get(system, "").split()) == set(said.get("present_in_base_image_only", ()))
    assert set(sonames.PACKAGE_MANAGER.get(system, "").split()) == set(said.get("incidental_package_manager", ()))
    versions = said["versions"]
    bare = "provided" if system == "AL1" else f"provided.{system.lower()}"
    for family in ("GLIBC", "CXXABI", "GLIBCXX", "GCC", "ZLIB"):
        ceiling = environment(system, bare).ceiling(family)
        assert ceiling is not None
        assert ceiling.number == versions[f"{family}_max"]
    for name, own in versions.get("runtime_overrides", {}).items():
        if "GLIBCXX_max" in own:
            assert repr(environment(system, name).ceiling("GLIBCXX")) == f"GLIBCXX_{own['GLIBCXX_max']}"
            assert repr(environment(system, name).ceiling("CXXABI")) == f"CXXABI_{own['CXXABI_max']}"


def checkout(folder: Path, listings: dict[str, str]) -> Path:
    for name, paths in listings.items():
        path = folder / "dockerfiles" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(paths.replace(" ", "\n") + "\n", encoding="utf-8")
    return folder


LISTED = {
    "base.al2023/fs-x86_64.txt": "bin usr/lib64 usr/lib64/libc.so.6 usr/lib64/libstdc++.so.6 usr/lib64/libstdc++.so.6.0.34 "
    "usr/lib64/ld-linux-x86-64.so.2 usr/lib64/libgcc_s-15-20260101.so.1 usr/lib64/libgcc_s.so.1 usr/lib64/.libgmp.so.10.hmac "
    "usr/lib64/gconv/UTF-16.so usr/lib64/liblua-5.4.so",
    "base.al2023/fs-arm64.txt": "usr/lib/ld-linux-aarch64.so.1 usr/lib64/libc.so.6 usr/lib64/libstdc++.so.6 "
    "usr/lib64/libstdc++.so.6.0.34 usr/lib64/libgcc_s.so.1 usr/lib64/liblua-5.4.so usr/lib/rpm usr/local/lib64/libno.so",
    "nodejs26.x/fs-x86_64.txt": "var/lang/lib/libssl.so.3 var/lang/bin/node var/lang/lib/node_modules/x/libno.so "
    "var/runtime/lib/rapid_client.so",
    "php9/fs-x86_64.txt": "var/lang/lib/libphp.so",
    "empty/Dockerfile": "FROM scratch",
}


def test_a_checkout_is_read(tmp_path: Path) -> None:
    old = current()
    new = read(checkout(tmp_path, LISTED), "2027-01-01", old)
    assert new.as_of == "2027-01-01"
    assert new.present["AL2023"] == {
        "both": {"libc.so.6", "libstdc++.so.6", "libgcc_s.so.1", "liblua-5.4.so"},
        "x86_64": {"ld-linux-x86-64.so.2"},
        "arm64": {"ld-linux-aarch64.so.1"},
    }
    assert new.present["AL2"] == old.present["AL2"]
    assert new.runtimes["nodejs26.x"] == {"both": {"libssl.so.3", "rapid_client.so"}, "x86_64": set()}
    assert "php9" not in new.runtimes
    assert new.libstdcxx["AL2023"] == "6.0.34"
    lines = list(differences(old, new))
    assert "AL2023: libstdc++ was 6.0.33, is 6.0.34" in lines
    assert "AL2023, both: libz.so.1 has gone" in lines
    assert "nodejs26.x, both: rapid_client.so is new" in lines


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "tools" / "sonames.py"), *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False
    )


def test_the_module_is_as_the_command_writes_it() -> None:
    done = run("--check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_change_is_said_and_not_written(tmp_path: Path) -> None:
    before = Path(sonames.__file__).read_bytes()
    done = run(checkout(tmp_path, LISTED), "--as-of", "2027-01-01", "--check")
    assert done.returncode == 1
    assert "AL2023, both: libz.so.1 has gone\n" in done.stdout
    assert Path(sonames.__file__).read_bytes() == before
    assert AS_OF in before.decode()


def test_a_checkout_wants_its_day(tmp_path: Path) -> None:
    assert "--as-of go together" in run(tmp_path).stderr
