"""Error texts as people meet them, and the rule that names their cause, which must come first."""

from __future__ import annotations

import re

import pytest

from lambdalint.reporters.style import Style
from lambdalint.why import answer

#: As public issue threads quote them.
TEXTS = [
    ("Unable to import module 'lambda_function': No module named 'lambda_function'", "LL301"),
    ("Class not found: com.example.Handler: java.lang.ClassNotFoundException", "LL301"),
    ("Handler 'handler' missing on module 'app'", "LL302"),
    ("index.handler is undefined or not exported", "LL302"),
    ("Bad handler 'app': not enough values to unpack (expected 2, got 1)", "LL303"),
    ("Unable to import module 'app': No module named 'imp'", "LL306"),
    ("Unable to import module 'app': attempted relative import with no known parent package", "LL306"),
    ("Runtime.ImportModuleError: Error: Cannot find module 'aws-sdk'", "LL306"),
    ("No module named 'requests'", "LL306"),
    ("SyntaxError: Cannot use import statement outside a module", "LL307"),
    ("has been compiled by a more recent version of the Java Runtime (class file version 65.0)", "LL309"),
    ("Could not find the required 'MyFunction.deps.json'. This file should be present at the root of the deployment package.", "LL310"),
    ("Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]", "LL311"),
    ("fork/exec /opt/extensions/telemetry: no such file or directory", "LL312"),
    ("No package metadata was found for openai", "LL313"),
    ("cannot import name 'DEFAULT_CIPHERS' from 'urllib3.util.ssl_' (/var/task/urllib3/util/ssl_.py)", "LL314"),
    ("fork/exec /var/task/main: permission denied", "LL207"),
    ("EACCES: permission denied, open '/var/task/index.js'", "LL201"),
    ("fork/exec /var/task/bootstrap: exec format error", "LL401"),
    ("Unable to import module 'app': No module named 'psycopg2._psycopg'", "LL401"),
    ("/var/task/node_modules/bcrypt/lib/binding/napi-v3/bcrypt_lib.node: invalid ELF header", "LL402"),
    ("Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by /function/x.node)", "LL404"),
    ("was compiled against a different Node.js version using NODE_MODULE_VERSION 108", "LL405"),
    ("Module did not self-register: '/var/task/node_modules/x/x.node'", "LL405"),
    ('Could not load the "sharp" module using the linux-arm64 runtime', "LL406"),
    ("Error: Cannot find module @rollup/rollup-linux-arm64-gnu. npm has a bug related to optional dependencies", "LL406"),
    ("/lib64/libc.so.6: version `GLIBC_2.38' not found (required by /var/task/bootstrap)", "LL407"),
    ("Unable to import module 'app': libpq.so.5: cannot open shared object file: No such file or directory", "LL408"),
    ("ELF load command address/offset not properly aligned", "LL410"),
    ("Unzipped size must be smaller than 255174947 bytes", "LL501"),
    ("Reserved keys used in this request: AWS_REGION", "LL608"),
    ("Value '20480' at 'memorySize' failed to satisfy constraint: Member must have value less than or equal to 10240", "LL612"),
    ("InvalidImage(MissingParentDirectory: Parent directory does not exist for file: app/x.py)", "LL703"),
    ("RequestId: 0f3b Error: Runtime exited with error: exit status 142", "LL709"),
    ("Runtime exited with error: exit status 127 Runtime.ExitError", "LL809"),
]


@pytest.mark.parametrize(("text", "rule"), TEXTS, ids=[text[:50] for text, _ in TEXTS])
def test_the_first_rule(text: str, rule: str) -> None:
    found, shown = answer(text, (), Style())
    assert found
    assert re.findall(r"^\w+ +(LL\d+)", shown, re.MULTILINE)[0] == rule
