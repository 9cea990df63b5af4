"""Which modules each Python of Lambda brings: its standard library, what is built in, what is loaded before the code.

Read with ``sys.stdlib_module_names`` and ``sys.builtin_module_names`` of CPython 3.10 to 3.15 and, for what is loaded
first, from ``sys.modules`` in awslambdaric 4 at the moment it imports a handler (2026-11-21). 3.8 and 3.9 have no
such list; theirs is 3.10's, with the removals that their release notes name. Beyond the newest row the newest is used.
"""

from __future__ import annotations

from functools import cache
from typing import Final

#: The newest minor version of Python 3 whose standard library is listed here.
NEWEST: Final = 15

#: All modules that some Python from 3.8 on has, top level only; those that only Windows or macOS has stand below.
_STDLIB: Final = (
    "__future__ _abc _aix_support _ast _ast_unparse _asyncio _bisect _blake2 _bootlocale _bootsubprocess _bz2 "
    "_codecs _codecs_cn _codecs_hk _codecs_iso2022 _codecs_jp _codecs_kr _codecs_tw _collections _collections_abc "
    "_colorize _compat_pickle _compression _contextvars _crypt _csv _ctypes _curses _curses_panel _datetime _dbm "
    "_decimal _dummy_thread _dummy_threading _elementtree _frozen_importlib _frozen_importlib_external _functools "
    "_gdbm _hashlib _heapq _hmac _imp _interpchannels _interpqueues _interpreters _io _json _locale _lsprof _lzma "
    "_markupbase _math_integer _md5 _multibytecodec _multiprocessing _opcode _opcode_metadata _operator "
    "_osx_support _peg_parser _pickle _posixshmem _posixsubprocess _py_abc _py_warnings _pydatetime _pydecimal "
    "_pyio _pylong _pyrepl _queue _random _remote_debugging _sha1 _sha2 _sha256 _sha3 _sha512 _signal "
    "_sitebuiltins _socket _sqlite3 _sre _ssl _stat _statistics _string _strptime _struct _suggestions _symtable "
    "_sysconfig _thread _threading_local _tkinter _tokenize _tracemalloc _types _typing _uuid _warnings _weakref "
    "_weakrefset _zoneinfo _zstd abc aifc annotationlib antigravity argparse array ast asynchat asyncio asyncore "
    "atexit audioop base64 bdb binascii binhex bisect builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd "
    "code codecs codeop collections colorsys compileall compression concurrent configparser contextlib "
    "contextvars copy copyreg crypt csv ctypes curses dataclasses datetime dbm decimal difflib dis distutils "
    "doctest dummy_threading email encodings ensurepip enum errno faulthandler fcntl filecmp fileinput fnmatch "
    "formatter fractions ftplib functools gc genericpath getopt getpass gettext glob graphlib grp gzip hashlib "
    "heapq hmac html http idlelib imaplib imghdr imp importlib inspect io ipaddress itertools json keyword "
    "lib2to3 linecache locale logging lzma mailbox mailcap marshal math mimetypes mmap modulefinder "
    "multiprocessing netrc nis nntplib ntpath nturl2path numbers opcode operator optparse os ossaudiodev parser "
    "pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib posix posixpath pprint profile "
    "profiling pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random re readline reprlib "
    "resource rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site smtpd smtplib "
    "sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl stat statistics string "
    "stringprep struct subprocess sunau symbol symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile "
    "termios textwrap this threading time timeit tkinter token tokenize tomllib trace traceback tracemalloc tty "
    "turtle turtledemo types typing unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser "
    "wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo"
)

#: Listed among the standard library's names on every system, but only there on Windows or macOS.
ELSEWHERE: Final = frozenset(
    {"_msi", "_overlapped", "_scproxy", "_winapi", "msilib", "msvcrt", "nt", "winreg", "winsound"}
)

#: By the minor version that brought them.
_ADDED: Final = {
    9: "_zoneinfo graphlib zoneinfo",
    11: "_tokenize _typing tomllib",
    12: "_pydatetime _pylong _sha2",
    13: "_colorize _interpchannels _interpqueues _interpreters _opcode_metadata _pyrepl _suggestions _sysconfig",
    14: "_ast_unparse _hmac _py_warnings _remote_debugging _types _zstd annotationlib compression",
    15: "_math_integer profiling",
}

#: By the minor version that no longer has them.
_REMOVED: Final = {
    9: "_dummy_thread _dummy_threading dummy_threading",
    10: "_bootlocale _peg_parser formatter parser symbol",
    11: "binhex",
    12: "_bootsubprocess _sha256 _sha512 asynchat asyncore distutils imp smtpd",
    13: (
        "_crypt aifc audioop cgi cgitb chunk crypt imghdr lib2to3 mailcap nis nntplib ossaudiodev pipes sndhdr "
        "spwd sunau telnetlib uu xdrlib"
    ),
    14: "_compression",
    15: "sre_compile sre_constants sre_parse",
}

#: Compiled into the interpreter: found before any file, and refused as a handler.
_BUILTIN: Final = (
    "_abc _ast _codecs _collections _functools _imp _io _locale _operator _signal _sre _stat _string _symtable "
    "_thread _tracemalloc _warnings _weakref atexit builtins errno faulthandler gc itertools marshal posix pwd "
    "sys time"
)
_BUILTIN_ALSO: Final = {
    8: "xxsubtype",
    9: "_peg_parser xxsubtype",
    10: "xxsubtype",
    11: "_tokenize xxsubtype",
    12: "_tokenize _typing",
    13: "_suggestions _sysconfig _tokenize _typing",
}

#: Imported by the runtime before it puts /var/task on the path, so that no file of the package can take their place.
_PRELOADED: Final = (
    "__future__ __main__ _abc _codecs _collections _collections_abc _decimal _frozen_importlib "
    "_frozen_importlib_external _functools _imp _io _json _operator _signal _sitebuiltins _sre _stat _string "
    "_thread _warnings _weakref _weakrefset abc atexit builtins codecs collections copyreg decimal encodings enum "
    "functools genericpath importlib io itertools json keyword linecache logging marshal math numbers operator os "
    "posix posixpath re reprlib site stat string sys threading time traceback types warnings weakref zipimport"
)
_PRELOADED_ALSO: Final = {
    8: "_heapq _locale heapq sre_compile sre_constants sre_parse token tokenize",
    9: "_heapq _locale heapq sre_compile sre_constants sre_parse token tokenize",
    10: "_locale sre_compile sre_constants sre_parse token tokenize",
    11: "contextlib textwrap token tokenize",
    12: "_tokenize contextlib textwrap token tokenize",
    13: "_colorize contextlib textwrap",
}

#: Frozen into the interpreter from 3.11 on and found before any file, like what is built in.
_FROZEN: Final = "__hello__ __phello__ ntpath runpy"

#: In every Python runtime beside the standard library
#: (https://docs.aws.amazon.com/lambda/latest/dg/lambda-python.html; awslambdaric's own requirements).
RUNTIME: Final = frozenset({
    "awslambdaric", "boto3", "botocore", "dateutil", "jmespath", "s3transfer", "simplejson", "six",
    "snapshot_restore_py", "urllib3",
})  # fmt: skip
#: In the site-packages of some runtimes and images; not promised anywhere.
PERHAPS: Final = frozenset({"_distutils_hack", "pip", "pkg_resources", "setuptools", "wheel"})

#: The first number of a ``.pyc`` (importlib.util.MAGIC_NUMBER); fixed for good once a version is out.
MAGIC: Final = {
    8: 3413, 9: 3425, 10: 3439, 11: 3495, 12: 3531, 13: 3571, 14: 3627, 15: 3666,
}  # fmt: skip


def _of(table: dict[int, str], minor: int) -> frozenset[str]:
    return frozenset(table[max(version for version in table if version <= max(minor, min(table)))].split())


@cache
def stdlib(minor: int) -> frozenset[str]:
    """The standard library's top-level modules of Python 3.``minor``, as Linux has them."""
    names = set(_STDLIB.split())
    for version, added in _ADDED.items():
        if minor < version:
            names.difference_update(added.split())
    for version, removed in _REMOVED.items():
        if minor >= version:
            names.difference_update(removed.split())
    return frozenset(names)


@cache
def builtin(minor: int) -> frozenset[str]:
    """``sys.builtin_module_names``."""
    return frozenset(_BUILTIN.split()) | _of(_BUILTIN_ALSO, minor)


@cache
def preloaded(minor: int) -> frozenset[str]:
    """Top-level names in ``sys.modules`` when the handler is imported."""
    return frozenset(_PRELOADED.split()) | _of(_PRELOADED_ALSO, minor) | {"awslambdaric", "simplejson"}


@cache
def immovable(minor: int) -> frozenset[str]:
    """What no file of the package can stand in for: preloaded, built in or frozen."""
    frozen = frozenset(_FROZEN.split()) if minor >= 11 else frozenset()
    return preloaded(minor) | builtin(minor) | frozen


def removed_in(name: str) -> int | None:
    """The minor version that dropped a module. None: none did."""
    return next((version for version, names in _REMOVED.items() if name in names.split()), None)


def added_in(name: str) -> int | None:
    """The minor version that brought a module. None: it was always there, or never."""
    return next((version for version, names in _ADDED.items() if name in names.split()), None)
