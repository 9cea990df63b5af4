"""Run by a Python that has awslambdaric: says for each package directory and handler what the real client makes of them.

Reads lines of JSON, ``[directory, handler]``, and answers each with ``[error type, message]`` or ``null``; every
package gets a process of its own, forked after the client was loaded, as on Lambda.
"""

from __future__ import annotations

import json
import os
import sys

from awslambdaric import bootstrap  # type: ignore[import-not-found,import-untyped,unused-ignore]
from awslambdaric.lambda_runtime_exception import FaultException  # type: ignore[import-not-found,import-untyped,unused-ignore]
from awslambdaric.lambda_runtime_marshaller import to_json  # type: ignore[import-not-found,import-untyped,unused-ignore]

# ruff: noqa: BLE001 - what the code of a package raises is the answer
Verdict = list[str] | None


def verdict(directory: str, handler: str) -> Verdict:
    """Load the handler and call it once, as the client does."""
    os.chdir(directory)
    sys.path.insert(0, directory)
    sys.dont_write_bytecode = True
    try:
        function = bootstrap._get_handler(handler)
    except FaultException as fault:
        return [fault.exception_type, fault.msg]
    except Exception as error:
        return [type(error).__name__, str(error)]
    try:
        answer = function({}, None)
    except Exception as error:
        return [type(error).__name__, str(error)]
    try:
        to_json(answer)
    except Exception as error:
        return ["Runtime.MarshalError", f"Unable to marshal response: {error}"]
    return None


def apart(directory: str, handler: str) -> Verdict:
    """The same, in a process of its own; one that dies answers for itself."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 1)
        os.dup2(null, 2)
        try:
            answer = verdict(directory, handler)
        except BaseException as error:
            answer = ["Runtime.ExitError", repr(error)]
        with os.fdopen(writing, "w") as pipe:
            json.dump(answer, pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    found: Verdict = json.loads(text) if text else ["Runtime.ExitError", ""]
    return found


def main() -> None:
    for line in sys.stdin:
        directory, handler = json.loads(line)
        sys.stdout.write(f"{json.dumps(apart(directory, handler))}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
