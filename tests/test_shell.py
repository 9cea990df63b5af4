"""What a shell script comes to; held to the shells of this machine where there are any."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from lambdalint.shell_script import SIZE, comes_to

EMULATED = """#!/bin/sh
if [ -z "${AWS_LAMBDA_RUNTIME_API}" ]; then
    exec aws-lambda-rie python -m awslambdaric $1
else
    exec python -m awslambdaric $1
fi
"""
FOLLOWED = [
    (EMULATED, ["python", "-m", "awslambdaric", "app.handler"]),
    ('[ -n "$AWS_LAMBDA_RUNTIME_API" ] || exec rie "$@"\nexec ric "$@"', ["ric", "app.handler"]),
    ('if [ ! "$AWS_LAMBDA_RUNTIME_API" ]\nthen\n  exec rie\nfi\nexec ric', ["ric"]),
    ("if ! [ -z $AWS_LAMBDA_FUNCTION_NAME ]; then exec ric; else exec rie; fi", ["ric"]),
    ('if [ $# -ne 1 ]; then echo "usage" >&2; exit 142; fi\nR=/run\nexec $R "$1"', ["/run", "app.handler"]),
    ("set -eu\nA='x y' B=\"$1\"\nexec p \"$A\" $A b\\ c 'd\"e' \"$B.z\"", ["p", "x y", "x", "y", "b c", 'd"e', "app.handler.z"]),
    ("if [ -f /none ]; then echo there; fi\nfor a in 1 2; do echo $a; done\nexec p", ["p"]),
    ("say() { echo \"$1\"; }\nsay a\nexec p 2> /dev/null < /dev/null # all", ["p"]),
    ("echo 'exec q'; cd / && exec p \\\n  a", ["p", "a"]),
    ("test -d / || mkdir /nowhere\n! false\nset -- a b\nshift\nexec p \"$@\" $#", ["p", "b", "1"]),
    ("case x in\n  x) echo in ;;\nesac\n{ echo a; }\nexec p ${2:-8080}", ["p", "8080"]),
    ("echo \"$(date '+%Y' ) `date` ${HOME}\"\nA=1 exec p", ["p"]),
    ("if [ a = b ]; then exec q; elif [ 2 -gt 1 ]; then exec p; fi", ["p"]),
    ("echo a | cat\ntrue && exec p", ["p"]),
    ("p $1", ["p", "app.handler"]),
    ("(cd / && echo q)\ntrue &\nwait\np", ["p"]),
]
UNCLEAR = [
    "", "exec", "exec $UNTOLD", "exec p *.py", "exec $(which p)", "exec `which p`", "exec p ${X:-1}", "exec p ~", "exec -a x p",
    "if [ -f /x ]; then exec q; fi\nexec p", "if [ -f /x ]; then . /x; fi\nexec p", "if [ -f /x ]; then PATH=/y; fi\nexec p",
    "if [ -z \"$AWS_LAMBDA_RUNTIME_API\" ] || [ -f /x ]; then exec q; fi\nexec p", "command -v q && exec q\nexec p",
    "if [ -f /x ]; then A=1; elif [ 1 -eq 1 ]; then exec p; fi", "while true; do exec p; done", "case $1 in *) exec p;; esac",
    "cat <<X\nexec q\nX\nexec p", "exec p 2>&1 | tee x", "exec > >(tee x)\nexec p", "p & wait", "p &", "eval exec p", "source /x\nexec p",
    "stop() { exit 1; }\nstop\nexec p", "cd \"$UNTOLD\"\nexec p", "exec p\r\n", "p\necho end", "exec 'p", 'exec "p', "exec ${p", "fi", "}",
    "then p", "if p", "()", "&&", "| p", "exec p <<<x", "PATH=$UNTOLD:$PATH\nexec p", "PYTHONPATH=$(pwd) exec p", "p" * SIZE + "p",
    "read A\nexec p", "time p", "kill 1", "pwd", "let a=1", "builtin exec p", "for a in 1 2; do break; done\np", "if [ -f /x ]; then python q; exit; fi\nexec p",
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), FOLLOWED)
@pytest.mark.parametrize("shell", ["dash", "bash", None])
def test_a_script_comes_to(text: str, words: list[str], shell: str | None, tmp_path: Path) -> None:
    if shell is None:
        found = comes_to(text, ["app.handler"], "/app", {"PATH": "/bin"})
        assert found is not None
        assert found.is_whole
        assert list(found.words) == words
        return
    for name in ("p", "ric", "rie", "python", "aws-lambda-rie"):
        (tmp_path / name).write_text(f'#!/bin/sh\nfor word in {name} "$@"; do echo "word:$word"; done\n')
        (tmp_path / name).chmod(0o755)
    variables = {"PATH": f"{tmp_path}:/usr/bin:/bin", "AWS_LAMBDA_RUNTIME_API": "x", "AWS_LAMBDA_FUNCTION_NAME": "x", "HOME": "/"}
    try:
        done = subprocess.run(
            [shell, "-c", text.replace("/run", "p"), "x", "app.handler"], env=variables, capture_output=True, text=True, check=False, cwd=tmp_path
        )  # fmt: skip
    except FileNotFoundError:
        pytest.skip(f"there is no {shell}")
    assert [line.removeprefix("word:") for line in done.stdout.splitlines() if line.startswith("word:")] == [words[0].replace("/run", "p"), *words[1:]]


@pytest.mark.parametrize("text", UNCLEAR)
def test_what_is_unclear_comes_to_nothing(text: str) -> None:
    found = comes_to(text, ["app.handler"], "/app", {"PATH": "/bin"})
    assert found is None or not found.is_whole


@pytest.mark.parametrize("opening", ["$(", "(", "{ ", "! ", "if ", '"', "${", "`", "'", "if a\nthen\nelif ", "f() {", "&& ", "case a in ", "\\"])
def test_depth_is_bounded(opening: str) -> None:
    comes_to(opening * (SIZE // len(opening)), [], "/", {})


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["node", "a.js"], ["node", "a.js"]), (["-e", "1"], ["node", "-e", "1"]), (["a.js"], ["node", "a.js"]), (["./a.js"], ["node", "./a.js"])],
)
def test_files_are_asked_for(arguments: list[str], words: list[str]) -> None:
    text = """if [ "${1#-}" != "$1" ] || [ -z "$(command -v "$1" 2> /dev/null)" ] || { [ -f "$1" ] && ! [ -x "$1" ]; }; then
      set -- node "$@"
    fi
    exec "$@"
    """
    files = {("-v", "node"): True, ("-v", "./a.js"): True, ("-f", "./a.js"): True}
    asked = comes_to(text, arguments, "/app", {}, lambda test, path: files.get((test, path), False))
    assert asked is not None
    assert list(asked.words) == words
    assert comes_to(text, arguments, "/app", {}, lambda *_: None) is None or arguments[0] == "-e"
    assert comes_to("if [ -d /mnt/data ]; then exec q; fi\nexec p", [], "/", {}, lambda *_: None) is None


def test_directory_and_variables_go_with_the_program() -> None:
    found = comes_to(". .venv/bin/activate\nexport STAGE=prod\ncd src\nA=1 exec p", [], "/app/", {"PATH": "/bin", "SECRET": "s"})
    assert found is not None
    assert (found.directory, found.line) == ("/app/src", 4)
    expected = {"PATH": "/app/.venv/bin:/bin", "VIRTUAL_ENV": "/app/.venv", "STAGE": "prod", "A": "1", "SECRET": "s"}
    assert found.variables == expected


def test_values_of_the_environment_are_judged_by_and_not_shown() -> None:
    variables = {"PATH": "/bin", "TOKEN": "secret", "MODE": "web"}
    found = comes_to('if [ "$MODE" = web ]; then exec p; fi\nexec q', [], "/", variables)
    assert found is not None
    assert found.words == ("p",)
    assert comes_to("exec $MODE", [], "/", variables) is None
    for text in ('exec p "$TOKEN"', "A=$TOKEN\nexec p $A"):
        found = comes_to(text, [], "/", variables)
        assert found is not None
        assert (found.words, found.is_whole) == (("p",), False)
