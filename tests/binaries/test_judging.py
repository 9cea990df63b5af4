"""The parts of judging native code that cases do not reach: names, tags, markers, followed imports."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdalint.aws.runtimes import RUNTIMES
from lambdalint.binaries import guards, owners, prisma, tags
from lambdalint.binaries.commands import npm_command, pip_command
from lambdalint.binaries.elf import Elf
from lambdalint.binaries.fit import Wanted
from lambdalint.binaries.header import Header, read
from lambdalint.binaries.npm import npm_owner, npm_package
from lambdalint.binaries.owners import Distributions, Owner
from lambdalint.binaries.platforms import Families, is_not_for_linux
from lambdalint.binaries.slots import platformless
from lambdalint.binaries.systems import elf_system
from lambdalint.filesystem import TASK, Filesystem
from lambdalint.readers import open_package


def seen(folder: Path, files: dict[str, str | bytes]) -> Filesystem:
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode() if isinstance(text, str) else text)
    return Filesystem([(TASK, open_package(str(folder)))])


def header(os_abi: int) -> Header | None:
    return read(b"\x7fELF\x02\x01\x01" + bytes([os_abi]) + bytes(8) + b"\x03\x00\x3e\x00")


@pytest.mark.parametrize(
    ("elf", "system"),
    [
        (Elf(header(0), 64, needed=["libc.so.6"]), "Linux"),
        (Elf(header(3), 64), "Linux"),
        (Elf(header(9), 64), "FreeBSD"),
        (Elf(None, 4), "Linux"),
        (Elf(header(0), 64, needed=["libc.so"]), "Linux"),
        (Elf(header(0), 64, needed=["libc.so", "liblog.so"]), "Android"),
        (Elf(header(0), 64, needed=["libc.so.7"]), "BSD"),
        (Elf(header(0), 64, needed=["libc.so.96.1"]), "BSD"),
        (Elf(header(0), 64, interp="/libexec/ld-elf.so.1"), "FreeBSD"),
        (Elf(header(0), 64, interp="/lib64/ld-linux-x86-64.so.2", needed=["libc.so.6"]), "Linux"),
        (Elf(header(0), 64, needed=["libace_napi.z.so"]), "OpenHarmony"),
    ],
)
def test_systems_that_have_elf_files(elf: Elf, system: str) -> None:
    assert elf_system(elf) == system


@pytest.mark.parametrize(
    ("name", "implementation", "minor"),
    [
        ("_x.cpython-312-x86_64-linux-gnu.so", "cpython", 12), ("_x.abi3.so", "abi3", None), ("_x.so", None, None),
        ("_x.cp311-win_amd64.pyd", "cpython", 11), ("_x.pypy310-pp73-x86_64-linux-gnu.so", "pypy310-pp73-x86_64-linux-gnu", None),
        ("_x.cpython-27.so", "cpython", -1), ("_x.abi3t.so", "abi3", None),
    ],
)  # fmt: skip
def test_tag(name: str, implementation: str | None, minor: int | None) -> None:
    tag = tags.parse(name)
    assert tag is not None
    assert (tag.implementation, tag.minor) == (implementation, minor)


@pytest.mark.parametrize("name", ["libx.so.1", "x.dylib", "x.strange.so", "so"])
def test_no_tag(name: str) -> None:
    assert tags.parse(name) is None


@pytest.mark.parametrize(
    ("name", "without"),
    [
        ("@img/sharp-linux-x64", "@img/sharp"), ("@img/sharp-linuxmusl-arm64", "@img/sharp"),
        ("@swc/core-linux-x64-gnu", "@swc/core"),
        ("turbo-linux-64", "turbo-64"), ("lightningcss-darwin-arm64", "lightningcss"), ("left-pad", "left-pad"),
    ],
)  # fmt: skip
def test_name_without_its_platform(name: str, without: str) -> None:
    assert platformless(name) == without


def test_npm_package() -> None:
    assert npm_package("/var/task/node_modules/@a/b/build/x.node") == "/var/task/node_modules/@a/b"
    assert npm_package("/var/task/node_modules/a/node_modules/b/x.node") == "/var/task/node_modules/a/node_modules/b"
    assert npm_package("/var/task/x.node") is None


def test_commands_quote_hostile_names() -> None:
    assert "'x; rm -rf /==1'" in pip_command(Owner("x; rm -rf /", "1"), Wanted("x86_64", RUNTIMES["python3.12"]))
    assert npm_command(Owner("$(x)", None), "arm64").endswith("'$(x)'")
    assert npm_command(Owner("@img/sharp", "1.0.0"), "x86_64").endswith(" @img/sharp@1.0.0")


def test_owner_says_its_version() -> None:
    assert str(Owner("a", "1")) == "a 1"
    assert str(Owner("a", None)) == "a"
    assert Owner("a", "1") == Owner("a", "1") != Owner("a", "2")
    assert Owner("a", "1") != "a 1"


def test_distributions(tmp_path: Path) -> None:
    needs = ("b >=1", "c; extra == 'all'", "d; python_version < '3.13'", "e; 3")
    requirements = "".join(f"Requires-Dist: {need}\n" for need in needs)
    filesystem = seen(
        tmp_path,
        {
            "A_x-1.0.dist-info/RECORD": "ax/__init__.py,,\n_ax.abi3.so,,\n",
            "A_x-1.0.dist-info/METADATA": f"Name: a-x\n{requirements}\nRequires-Dist: f\n",
        },
    )
    found = Distributions(filesystem, 12)
    assert found.names(TASK) == ["a-x"]
    assert found.tops(TASK, "a-x") == {"ax", "_ax"}
    assert found.requirements(TASK, "a-x") == ["b", "d"]
    assert Distributions(filesystem).requirements(TASK, "a-x") == ["b"]
    assert found.requirements(TASK, "none") == []
    assert found.owner(TASK, f"{TASK}/_ax.abi3.so") == Owner("A_x", "1.0")
    assert found.owner(TASK, f"{TASK}/other.so") is None
    assert Distributions(filesystem).names("/opt/python") == []


def test_metadata_is_read_up_to_a_sum(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owners, "_READ_IN_ALL", 20)
    files: dict[str, str | bytes] = {f"{name}-1.dist-info/RECORD": f"{name}.py,,\n" + 20 * "\n" for name in ("a", "b")}
    found = Distributions(seen(tmp_path, files), 12)
    assert found.owner(TASK, f"{TASK}/a.py") == Owner("a", "1")
    assert found.owner(TASK, f"{TASK}/b.py") is None


@pytest.mark.parametrize(
    ("source", "throws"),
    [
        ("let b;\nb = require('x')\nif (!b) {\n  if (y) {\n\n    throw new Error('x')\n  }\n}\n", True),
        ("b = requireNative()\nif (!b || z) {\n  throw e\n}\n", True),
        ("let b;\nif (!b) {\n  throw e\n}\n", False),
        ("b = require('x')\nif (!b) {\n  c()\n}\nthrow e\n", False),
        ("b = require('x')\nfunction f() {\n  if (!b) {\n    throw e\n  }\n}\n", False),
        ('let b=null;b=r();if(!b){throw new Error("Failed to load native binding")}module.exports=b', True),
        ("const words = 'Failed to load native binding'\n", False),
    ],
)
def test_throws_without_its_addon(tmp_path: Path, source: str, throws: bool) -> None:
    assert guards.refuses(seen(tmp_path, {"index.js": source}), [f"{TASK}/index.js", f"{TASK}/gone.js"]) is throws


@pytest.mark.parametrize(
    ("source", "loads"),
    [
        ("const b = require('node-gyp-build')(__dirname)\n", True),
        ("const {\n  compress,\n} = loadBinding(__dirname, 'snappy', '@napi-rs/snappy')\n", True),
        ("module.exports = require('./build/Release/x.node')\n", True),
        ("const f = () => require('bindings')('x')\n", False),
        ("function f() {\n  return require('bindings')('x')\n}\n", False),
        ("const b = require('other')\n", False),
    ],
)
def test_loads_its_addon_at_the_top(tmp_path: Path, source: str, loads: bool) -> None:
    assert guards.loads_addon(seen(tmp_path, {"index.js": source}), [f"{TASK}/index.js"]) is loads


def test_tries_its_addon(tmp_path: Path) -> None:
    tried = "try {\n  x = require('./x.node')\n} catch (e) {\n  x = require('./plain')\n}\n"
    assert guards.tries_addon(seen(tmp_path, {"a/index.js": tried, "b/fallback.js": "", "c/index.js": ""}), f"{TASK}/a")
    assert guards.tries_addon(seen(tmp_path, {}), f"{TASK}/b")
    assert not guards.tries_addon(seen(tmp_path, {}), f"{TASK}/c")


@pytest.mark.parametrize(
    ("text", "elsewhere"),
    [
        ('{"os": ["darwin"]}', True), ('{"os": "win32"}', True), ('{"os": ["linux", "darwin"]}', False), ('{"os": []}', False),
        ('{"os": ["!win32"]}', False), ('{"os": 1}', False), ("{", False), ('["os"]', False), ("[" * 100_000 + '"os"', False),
    ],
)  # fmt: skip
def test_packages_that_are_not_for_linux(tmp_path: Path, text: str, elsewhere: bool) -> None:
    assert is_not_for_linux(seen(tmp_path, {"node_modules/x/package.json": text}), f"{TASK}/node_modules/x") is elsewhere
    assert not is_not_for_linux(seen(tmp_path, {}), f"{TASK}/node_modules/none")


def test_families(tmp_path: Path) -> None:
    declared = '{"version": 1, "optionalDependencies": {"@t/linux-x64": "1", "@t/darwin-x64": "1", "left-pad": "1"}}'
    files: dict[str, str | bytes] = {
        "node_modules/t/package.json": declared, "node_modules/@t/linux-x64/package.json": '{"version": "1"}',
        "node_modules/t/inner/package.json": declared,
        "node_modules/u/package.json": '{"optionalDependencies": {"fsevents": "1", "@u/darwin-x64": "1"}}',
        "node_modules/v/package.json": '{"optionalDependencies": {"@v/darwin-x64": "1", "@v/win32-x64": "1"}}',
    }  # fmt: skip
    families = Families(seen(tmp_path, files))
    (family,) = families.all
    assert (family.folder, family.owner) == (f"{TASK}/node_modules/t", Owner("t", None))
    assert family.parts("x86_64") == {"@t/": ["@t/linux-x64"]}
    assert family.parts("arm64") == {}
    assert family.parts(None) == {"@t/": ["@t/linux-x64"]}
    assert families.of(f"{TASK}/node_modules/@t/linux-x64") is family
    assert families.of(f"{TASK}/node_modules/u") is None
    assert families.folder(family, "@t/darwin-x64") is None


def test_npm_owner(tmp_path: Path) -> None:
    filesystem = seen(tmp_path, {"node_modules/a/package.json": '{"version": "1.2.3"}'})
    assert npm_owner(filesystem, f"{TASK}/node_modules/a") == Owner("a", "1.2.3")
    assert npm_owner(filesystem, f"{TASK}/node_modules/b") == Owner("b", None)


def test_prisma_targets() -> None:
    assert prisma.target("AL2", "x86_64") == "rhel-openssl-1.0.x"
    assert prisma.target("AL2023", "arm64") == "linux-arm64-openssl-3.0.x"
    assert prisma.target("AL1", "x86_64") is None
    assert prisma.target("AL2023", None) is None


def test_wanted_without_a_runtime() -> None:
    assert Wanted(None, None).minor is None
    assert Wanted(None, None).machine is None
    assert Wanted("arm64", None).machine == "aarch64"
