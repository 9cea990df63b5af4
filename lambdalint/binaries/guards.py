"""Is native code needed, or does its package work without it? Told by how the package's own code imports it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from lambdalint.binaries import sources
from lambdalint.filesystem import Filesystem, Missing

#: Distributions that were seen to import and work with every native file deleted (47 popular wheels for Python 3.12, 2026-11),
#: by their top-level names.
WORK_WITHOUT: Final = frozenset({
    "charset_normalizer", "coverage", "frozenlist", "markupsafe", "msgpack", "multidict", "propcache", "google", "bson", "pymongo",
    "yaml", "_yaml", "simplejson", "sqlalchemy", "tornado", "websockets", "wrapt", "yarl", "zope",
})  # fmt: skip
#: Those that did not import like that (110 popular wheels for Python 3.12, 2026-11) and whose own code does not say so plainly:
#: what they load hangs on a variable or on a condition that is not known here.
FAIL_WITHOUT: Final = frozenset({
    "cramjam", "Crypto", "Cryptodome", "numpy", "psutil", "psycopg_binary", "pymupdf", "zmq", "zstandard",
})  # fmt: skip
#: The module that each of these loads whenever it is imported itself, so that it tells even where the package's others would load
#: (numpy/__init__.py, 1.21 to 2.4, which asks for it beneath a condition on how numpy was built; psutil/_pslinux.py, 5.9 to 7).
HEARTS: Final = frozenset({"numpy.core._multiarray_umath", "numpy._core._multiarray_umath", "psutil._psutil_linux"})
#: Those that another one imports inside a function that runs as it is imported itself, and has nothing else to go on with:
#: psycopg takes psycopg_c, psycopg_binary or a libpq of the system, which Lambda has not (psycopg/pq/__init__.py, 3.2).
ASKED_FOR_BY: Final = {"psycopg_binary": "psycopg"}
#: Those whose top level imports nothing native itself, so that ``import Crypto`` alone says nothing.
HOLLOW: Final = frozenset({"Crypto", "Cryptodome"})
#: npm packages that were seen to load, and those that were seen to throw, on Node.js 20 with every addon deleted (60 popular
#: ones, 2026-11). Some that load fail later, where they are used.
NPM_WORK_WITHOUT: Final = frozenset({
    "better-sqlite3", "bufferutil", "chokidar", "dd-trace", "esbuild", "msgpackr", "msgpackr-extract", "next", "oracledb", "ssh2",
    "cpu-features", "utf-8-validate",
})  # fmt: skip
NPM_FAIL_WITHOUT: Final = frozenset({
    "@confluentinc/kafka-javascript", "@datadog/native-metrics", "@datadog/pprof", "@duckdb/node-bindings", "@napi-rs/canvas",
    "@node-rs/argon2", "@node-rs/bcrypt", "@parcel/watcher", "@resvg/resvg-js", "@sentry/profiling-node", "@swc/core",
    "@tailwindcss/oxide", "argon2", "bcrypt", "canvas", "classic-level", "duckdb", "farmhash", "isolated-vm", "kerberos", "leveldown",
    "libsql", "lightningcss", "lmdb", "mongodb-client-encryption", "node-rdkafka", "onnxruntime-node", "re2", "rollup", "sharp",
    "snappy", "sodium-native", "sqlite3", "zeromq",
})  # fmt: skip
#: The module of cffi that every module made by it imports.
CFFI: Final = "_cffi_backend"
#: Ways in which npm packages load their addon, inside a try that a fallback follows.
_TRIED: Final = re.compile(rb"try\s*\{[^{}]{0,400}?(?:\.node['\"]|node-gyp-build|bindings|node-pre-gyp|loadBinding)[^{}]{0,400}\}\s*catch")

#: What napi-rs and others write: ``if (!nativeBinding) { ... throw``, at the top of a file that got it from require.
_REFUSES: Final = re.compile(rb"^if \(!(\w+)\b[^\n]*\{\r?\n(?:[ \t][^\n]*\n|\r?\n)*?[ \t]+throw ", re.MULTILINE)

#: What is got from require.
_REQUIRED: Final = re.compile(rb"\b(\w++)\s*=\s*require")
#: The same by napi-rs's own words (https://github.com/napi-rs/napi-rs, cli/src/api/templates/js-binding.ts), in files made small.
_NAPI_RS: Final = re.compile(rb"throw new Error\(\s*['\"`](?:Failed to load native binding|Cannot find native binding)")

#: A line in the first column that requires an addon, or what looks for one, and is no function.
_LOADS: Final = re.compile(
    rb"^(?:const|let|var|module\.exports|exports)\b(?![^\n]*(?:=>|\bfunction\b))[^\n]*"
    rb"\brequire\(\s*['\"`](?:node-gyp-build[\w-]*|bindings|pkg-prebuilds|prebuild-install|[^'\"`\n]*\.node)['\"`]"
    rb"|^\} = loadBinding\(__dirname\b",  # of @node-rs/helper
    re.MULTILINE,
)
#: ``ffi = FFI()``.
_FFI: Final = re.compile(rb"^\w+ *= *(?:cffi\.)?FFI\(", re.MULTILINE)
#: A line in the first column that imports something.
_IMPORTS: Final = re.compile(rb"^(?:from|import)[ \t][^\n]*", re.MULTILINE)


def imports_of(filesystem: Filesystem, paths: Sequence[str], name: str) -> bool:
    """Tell whether one of some files imports, in the first column, something out of a package."""
    line = re.compile(rb"^(?:from +" + re.escape(name.encode()) + rb"\b|import +" + re.escape(name.encode()) + rb"\.)", re.MULTILINE)
    return any(map(line.search, sources.texts(filesystem, [path for path in paths if path.endswith(".py")])))


def makes_ffi(filesystem: Filesystem, paths: Sequence[str]) -> bool:
    """Tell whether one of some files makes an FFI of cffi in the first column, which imports cffi's module as its first step."""
    texts = sources.texts(filesystem, [path for path in paths if path.endswith(".py")])
    return any(b"cffi" in text and _FFI.search(text) is not None for text in texts)


def first_imported(filesystem: Filesystem, paths: Sequence[str], stems: Collection[str]) -> str | None:
    """Return the first of some modules that files import, the files in the given order. None: none by a line of its own."""
    names = {stem.encode(): stem for stem in stems}
    for text in sources.texts(filesystem, [path for path in paths if path.endswith(".py")]):
        if names.keys().isdisjoint(sources.words(text)):
            continue
        for line in _IMPORTS.finditer(text):
            for word in re.findall(rb"[\w\x80-\xff]+", line[0]):
                if word in names:
                    return names[word]
    return None


def tries_addon(filesystem: Filesystem, folder: str) -> bool:
    """Tell whether an npm package goes on when its addon does not load."""
    if not isinstance(filesystem.find(f"{folder}/fallback.js"), Missing):
        return True
    return any(map(_TRIED.search, sources.below(filesystem, folder, (".js", ".cjs", ".mjs"))))


def refuses(filesystem: Filesystem, paths: Sequence[str]) -> bool:
    """Tell whether one of some files, which are surely loaded, throws when no addon was found."""
    return any(map(_refuses, sources.texts(filesystem, paths)))


def _refuses(text: bytes) -> bool:
    if _NAPI_RS.search(text):
        return True
    asked = {match[1] for match in _REFUSES.finditer(text)}
    return bool(asked) and not asked.isdisjoint(_REQUIRED.findall(text))


def loads_addon(filesystem: Filesystem, paths: Sequence[str]) -> bool:
    """Tell whether one of some files, which are surely loaded, loads an addon at its top, outside of every function."""
    return any(map(_LOADS.search, sources.texts(filesystem, paths)))
