"""Node.js's own modules, and what Lambda's Node.js runtimes bring along.

Read from ``module.builtinModules`` of Node.js 18.20.8, 20.20.2, 22.23.3 and 24.21.0 and by requiring the ``node:`` names on
each, 2026-11-21; https://nodejs.org/api/modules.html#built-in-modules-with-mandatory-node-prefix
"""

from __future__ import annotations

from typing import Final

#: Modules that every Node.js from 18 on has; ``node:`` may stand before each.
_COMMON: Final = frozenset({
    "assert", "assert/strict", "async_hooks", "buffer", "child_process", "cluster", "console", "constants", "crypto",
    "dgram", "diagnostics_channel", "dns", "dns/promises", "domain", "events", "fs", "fs/promises", "http", "http2", "https",
    "inspector", "module", "net", "os", "path", "path/posix", "path/win32", "perf_hooks", "process", "punycode",
    "querystring", "readline", "readline/promises", "repl", "stream", "stream/consumers", "stream/promises", "stream/web",
    "string_decoder", "sys", "timers", "timers/promises", "tls", "trace_events", "tty", "url", "util", "util/types", "v8",
    "vm", "wasi", "worker_threads", "zlib", "_http_agent", "_http_client", "_http_common", "_http_incoming",
    "_http_outgoing", "_http_server", "_stream_duplex", "_stream_passthrough", "_stream_readable", "_stream_transform",
    "_stream_wrap", "_stream_writable", "_tls_common", "_tls_wrap",
})  # fmt: skip
#: From which major on.
_SINCE: Final = {"inspector/promises": 20}
#: Only with ``node:`` before them, and from which major on. The sqlite module came with 22.5, sea with 20.12.
_PREFIXED: Final = {"test": 18, "test/reporters": 18, "sea": 20, "sqlite": 22}
#: The newest major whose modules are known; a later one may have more.
NEWEST: Final = 24

#: Scopes that the runtime's copy of the AWS SDK v3 fills, https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
SDK_SCOPES: Final = ("@aws-sdk/", "@smithy/", "@aws-crypto/", "@aws/")
#: What that SDK itself depends on. AWS promises none of these, and newer versions have dropped some, so that their lack is no sure failure.
SDK_PARTS: Final = frozenset({"tslib", "uuid", "fast-xml-parser", "strnum", "bowser", "mnemonist", "obliterator", "entities"})
#: The first major whose runtime has SDK v3 instead of v2.
SDK_V3_SINCE: Final = 18

#: Names under which people export handlers and which no module of Node.js exports.
HANDLER_NAMES: Final = frozenset({"handler", "lambdaHandler", "lambda_handler", "main", "lambda"})


def is_builtin(name: str, major: int) -> bool:
    """Tell whether a specifier names a module of that Node.js itself."""
    bare = name.removeprefix("node:")
    if bare in _COMMON or major >= _SINCE.get(bare, 1000):
        return True
    return name != bare and major >= _PREFIXED.get(bare, 1000)
