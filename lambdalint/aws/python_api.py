"""Names of Python's standard library that came or went between 3.8 and 3.15, of those that functions import.

Compared with ``dir()`` of CPython 3.8 to 3.15 (2026-11-21); what went before, from the release notes of Python
(https://docs.python.org/3/whatsnew/).
"""

from __future__ import annotations

from typing import Final

#: Gone from this minor version on. 0: only Python 2 had them.
_GONE: Final = {
    "ast": {14: "Bytes NameConstant Num Str"},
    "asyncio": {11: "coroutine", 14: "SafeChildWatcher get_child_watcher set_child_watcher"},
    "base64": {9: "decodestring encodestring"},
    "cgi": {8: "escape parse_qs parse_qsl"},
    "collections": {
        10: "AsyncGenerator AsyncIterable AsyncIterator Awaitable ByteString Callable Collection Container Coroutine "
        "Generator Hashable ItemsView Iterable Iterator KeysView Mapping MappingView MutableMapping MutableSequence "
        "MutableSet Reversible Sequence Set Sized ValuesView",
    },
    "configparser": {12: "SafeConfigParser", 13: "LegacyInterpolation"},
    "fractions": {9: "gcd"},
    "gettext": {11: "bind_textdomain_codeset ldgettext ldngettext lgettext lngettext"},
    "html.parser": {5: "HTMLParseError"},
    "importlib": {12: "find_loader"},
    "importlib.util": {12: "module_for_loader set_loader set_package"},
    "inspect": {11: "ArgSpec formatargspec getargspec"},
    "itertools": {0: "ifilter ifilterfalse imap izip izip_longest"},
    "locale": {12: "format", 13: "resetlocale"},
    "pkgutil": {12: "ImpImporter ImpLoader", 14: "find_loader get_loader"},
    "platform": {8: "dist linux_distribution popen"},
    "re": {13: "template"},
    "sqlite3": {12: "enable_shared_cache"},
    "ssl": {12: "RAND_pseudo_bytes match_hostname wrap_socket"},
    "string": {0: "join joinfields letters lower lowercase maketrans replace split strip upper uppercase"},
    "time": {8: "clock"},
    "types": {0: "ClassType DictType IntType ListType NoneTypes StringType StringTypes UnicodeType"},
    "unittest": {13: "findTestCases getTestCaseNames makeSuite"},
    "urllib": {0: "quote quote_plus unquote unquote_plus urlencode urlopen urlretrieve"},
    "urllib.request": {14: "FancyURLopener URLopener"},
}

#: There from this minor version on.
_NEW: Final = {
    "abc": {10: "update_abstractmethods"},
    "ast": {9: "unparse", 10: "Match", 11: "TryStar", 12: "TypeAlias TypeVar"},
    "asyncio": {
        9: "to_thread", 11: "Barrier BrokenBarrierError Runner TaskGroup Timeout timeout timeout_at",
        12: "create_eager_task_factory eager_task_factory", 13: "EventLoop QueueShutDown",
    },
    "base64": {10: "b32hexdecode b32hexencode", 13: "z85decode z85encode"},
    "calendar": {12: "Day Month"},
    "collections.abc": {12: "Buffer"},
    "contextlib": {10: "AsyncContextDecorator aclosing", 11: "chdir"},
    "copy": {13: "replace"},
    "dataclasses": {10: "KW_ONLY"},
    "csv": {12: "QUOTE_NOTNULL QUOTE_STRINGS"},
    "datetime": {11: "UTC"},
    "enum": {
        11: "CONFORM CONTINUOUS EJECT EnumCheck EnumType FlagBoundary KEEP NAMED_FLAGS ReprEnum STRICT StrEnum UNIQUE global_enum member "
        "nonmember property verify",
        13: "EnumDict",
    },
    "functools": {9: "cache"},
    "glob": {13: "translate"},
    "hashlib": {11: "file_digest"},
    "http": {11: "HTTPMethod"},
    "importlib.metadata": {10: "EntryPoints PackageMetadata packages_distributions"},
    "importlib.resources": {9: "as_file files"},
    "inspect": {
        10: "get_annotations", 11: "getmembers_static ismethodwrapper",
        12: "BufferFlags getasyncgenlocals getasyncgenstate markcoroutinefunction",
    },
    "io": {10: "text_encoding"},
    "itertools": {10: "pairwise", 12: "batched"},
    "keyword": {9: "issoftkeyword softkwlist"},
    "logging": {11: "getLevelNamesMapping", 12: "getHandlerByName getHandlerNames"},
    "math": {9: "lcm nextafter ulp", 11: "cbrt exp2", 12: "sumprod", 13: "fma"},
    "mimetypes": {13: "guess_file_type"},
    "operator": {11: "call"},
    "os": {9: "pidfd_open waitstatus_to_exitcode"},
    "pathlib": {13: "UnsupportedOperation"},
    "pkgutil": {9: "resolve_name"},
    "platform": {10: "freedesktop_os_release"},
    "queue": {13: "ShutDown"},
    "random": {9: "randbytes", 12: "binomialvariate"},
    "re": {11: "NOFLAG", 13: "PatternError"},
    "socket": {9: "recv_fds send_fds"},
    "sqlite3": {11: "Blob"},
    "statistics": {10: "correlation covariance linear_regression", 13: "kde kde_random"},
    "sys": {10: "orig_argv stdlib_module_names", 11: "exception"},
    "threading": {10: "getprofile gettrace"},
    "types": {9: "GenericAlias", 10: "EllipsisType NoneType NotImplementedType UnionType", 12: "get_original_bases"},
    "typing": {
        9: "Annotated", 10: "Concatenate ParamSpec ParamSpecArgs ParamSpecKwargs TypeAlias TypeGuard is_typeddict",
        11: "LiteralString Never NotRequired Required Self TypeVarTuple Unpack assert_never assert_type "
        "clear_overloads dataclass_transform get_overloads reveal_type",
        12: "TypeAliasType override", 13: "NoDefault ReadOnly TypeIs get_protocol_members is_protocol",
        14: "evaluate_forward_ref",
    },
    "unittest.mock": {10: "InvalidSpecError", 13: "ThreadingMock"},
    "uuid": {14: "uuid6 uuid7 uuid8"},
    "warnings": {13: "deprecated"},
    "xml.etree.ElementTree": {9: "indent"},
}  # fmt: skip

#: Submodules, by the minor version that no longer has them.
_GONE_BELOW: Final = {"typing.io": 13, "typing.re": 13, "xml.etree.cElementTree": 9}

#: The standard library's packages; the rest are single files or built in.
PACKAGES: Final = frozenset({
    "asyncio", "collections", "compression", "concurrent", "ctypes", "curses", "dbm", "distutils", "email",
    "encodings", "ensurepip", "html", "http", "idlelib", "importlib", "json", "lib2to3", "logging", "msilib",
    "multiprocessing", "profiling", "pydoc_data", "sqlite3", "tkinter", "turtledemo", "unittest", "urllib", "venv",
    "wsgiref", "xml", "xmlrpc", "zoneinfo",
})  # fmt: skip
#: Packages from this minor version on.
_PACKAGES_SINCE: Final = {"re": 11, "tomllib": 11, "zipfile": 12, "pathlib": 13, "sysconfig": 13, "string": 14}
#: Inside the interpreter or its C modules: no file is named in messages about them.
_NO_FILE: Final = frozenset({"itertools", "math", "sys", "time"})


def gone_from(module: str, name: str, minor: int) -> bool:
    """Tell whether Python 3.``minor`` surely lacks a name of the standard library that another version has."""
    gone = any(minor >= since and name in names.split() for since, names in _GONE.get(module, {}).items())
    return gone or any(minor < since and name in names.split() for since, names in _NEW.get(module, {}).items())


def since(module: str, name: str) -> int | None:
    """Return the minor version that brought a name. None: it was always there, or never."""
    return next((since for since, names in _NEW.get(module, {}).items() if name in names.split()), None)


def gone_below(name: str, minor: int) -> bool:
    """Tell whether a submodule of the standard library is no longer there."""
    return minor >= _GONE_BELOW.get(name, 99)


def is_package(name: str, minor: int) -> bool:
    """Tell whether a top-level module of the standard library is a package."""
    return name in PACKAGES or minor >= _PACKAGES_SINCE.get(name, 99)


def home(module: str, minor: int) -> str:
    """Return where Lambda keeps a module of the standard library, as messages name it."""
    if module in _NO_FILE:
        return "unknown location"
    path = f"/var/lang/lib/python3.{minor}/{module.replace('.', '/')}"
    whole = is_package(module, minor) or module == "collections.abc"
    return f"{path}/__init__.py" if whole and "." not in module else f"{path}.py"


def surely_lacks(module: str, name: str) -> bool:
    """Tell whether a module that the runtime preloads has no such name, in the Python that runs this at least."""
    if name.startswith("__"):
        return False
    import importlib

    try:
        return not hasattr(importlib.import_module(module), name)
    except ImportError:
        return False
