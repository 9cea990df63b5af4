"""The programs that Lambda's own file system has, by which a script's first line is judged.

What lies in /usr/bin (/bin is a link to it) inside running functions, as listed there by
https://github.com/shogo82148/docker-lambda, ``dockerfiles/base.al2`` (dump of 2026-02-20) and ``dockerfiles/base.al2023``
(dump of 2026-08-07), which has kept the list since 2023; read 2026-11-21. Both CPUs are alike. Nothing was ever in
/usr/local/bin. The managed runtimes share that system and add their own language in /var/lang/bin.
"""

from __future__ import annotations

from typing import Final

#: As documented, https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html (2026-11-21).
PATH: Final = ("/var/lang/bin", "/usr/local/bin", "/usr/bin", "/bin", "/opt/bin")

_BOTH: Final = (
    "[ alias arch awk base64 basename bash bashbug bg ca-legacy cat catchsegv cd chcon chgrp chmod chown cksum comm "
    "command cp csplit cut date dd df dir dircolors dirname du echo egrep env expand expr factor false fc fg fgrep fmt "
    "fold gawk gencat getconf getent getopts grep groups head hostid iconv id install jobs join ldd link ln locale "
    "localedef logname ls md5sum mkdir mkfifo mknod mktemp mv nice nl nohup nproc numfmt od p11-kit paste pathchk pinky "
    "pldd pr printenv printf ptx pwd read readlink realpath rm rmdir runcon sed seq sh sha1sum sha224sum sha256sum "
    "sha384sum sha512sum shred shuf sleep sort sotruss split sprof stat stdbuf stty sum sync tac tail tee test timeout "
    "touch tr true truncate trust tsort tty tzselect umask unalias uname unexpand uniq unlink update-ca-trust users vdir "
    "wait wc who whoami yes"
)
_AL2: Final = (
    "captoinfo clear dgawk fc-cache fc-cat fc-conflist fc-list fc-match fc-pattern fc-query fc-scan fc-validate igawk info "
    "infocmp infokey infotocap makedb pgawk reset rpcgen tabs tic toe tput tset xmlwf"
)
_AL2023: Final = (
    "b2sum base32 basenc coreutils curl dnf gapplication gdbus gio glib-compile-schemas gpg gpg-error gpg2 gpgme-json gpgv2 "
    "gsettings hash ld.so microdnf modulemd-validator rpm rpm2archive rpm2cpio rpmdb rpmkeys rpmquery rpmverify type ulimit "
    "xmlcatalog xmllint zdump"
)

#: By operating system, as ``Runtime.os`` has it. AL1 was never listed.
PROGRAMS: Final = {
    "AL2": frozenset(f"{_BOTH} {_AL2}".split()),
    "AL2023": frozenset(f"{_BOTH} {_AL2023}".split()),
}

#: Interpreters that scripts are written for and that no system of Lambda's has, with the runtimes that bring them.
_LANGUAGES: Final = {
    "python": "python", "python2": None, "python3": "python", "node": "nodejs", "nodejs": None, "ruby": "ruby",
    "java": "java", "dotnet": "dotnet", "perl": None, "php": None, "pwsh": None, "powershell": None, "deno": None, "bun": None,
    "lua": None, "luajit": None, "tclsh": None, "Rscript": None, "zsh": None, "ksh": None, "dash": None, "ash": None,
    "fish": None, "csh": None, "tcsh": None, "busybox": None, "groovy": None, "scala": None, "julia": None, "elixir": None,
    "escript": None, "guile": None, "racket": None, "ocaml": None, "swift": None, "ts-node": None, "tsx": None,
}  # fmt: skip


def is_installed(name: str, os: str | None, family: str | None) -> bool | None:
    """Tell whether a program is on Lambda's own PATH, layers aside. None: not known.

    ``os`` and ``family`` are those of the runtime, each None where it is not known.
    """
    known = PROGRAMS.get(os or "")
    if known is None:
        return None
    if name in known:
        return True
    if family == "provided":
        return False
    language = name.rstrip("0123456789.") if name not in _LANGUAGES else name
    if language not in _LANGUAGES or family is None:
        return None
    home = _LANGUAGES[language]
    return False if home != family else None
