"""Shapes of Node.js code: which exports are sure, which are surely lacking, and which nobody can tell without running it."""

from collections.abc import Mapping
from typing import Final

import pytest

from lambdalint.handlers import Sort
from tests.handlers.sight import Sight, aws, only, texts

RUN: Final = "exports.handler = () => 1;\n"

#: Name → (index.js, what is said of index.handler, what is said of index.nope); "" is silence.
COMMONJS: Mapping[str, tuple[str, str, str]] = {
    "defined after a replacement": (
        "module.exports = {}; Object.defineProperty(module.exports, 'handler', {value: () => 1});",
        "", "does not export nope; it exports handler",
    ),
    "defined under a computed name": ("Object.defineProperty(exports, name, {value: 1});", "", ""),
    "defined and then written": (
        "Object.defineProperty(exports, 'handler', {value: () => 1}); exports.handler = 'x';",
        "", "does not export nope; it exports handler",
    ),
    "defined by a descriptor from elsewhere": (
        "Object.defineProperty(exports, 'handler', descriptor);", "", "does not export nope; it exports handler",
    ),
    "assigned with a require": (
        "Object.assign(exports, require('./lib'));", "", "does not export nope",
    ),
    "assigned with a spread of a require": (
        "Object.assign(exports, {...require('./lib')});", "", "does not export nope",
    ),
    "assigned with a name": ("Object.assign(exports, lib);", "", ""),
    "assigned with a spread of a name": ("Object.assign(exports, {...lib});", "", ""),
    "spread of a name": ("module.exports = {a: 1, ...lib};", "", ""),
    "spread hides what stood before": ("module.exports = {handler: 1, ...require('./lib')};", "", "does not export nope"),
    "getter": ("module.exports = {get handler() { return () => 1 }};", "", "does not export nope; it exports handler"),
    "computed key": ("module.exports = {[name]: () => 1};", "", ""),
    "computed key that is a string": ("module.exports = {['handler']: () => 1};", "", "does not export nope; it exports handler"),
    "string key": ("module.exports = {'handler': () => 1};", "", "does not export nope; it exports handler"),
    "prototype key": ("module.exports = {__proto__: require('./lib')};", "", ""),
    "prototype": ("exports.__proto__ = require('./lib');", "", ""),
    "frozen": ("module.exports = Object.freeze({handler() {}});", "", "does not export nope; it exports handler"),
    "in brackets": ("module.exports = (0, {handler() {}});", "", "does not export nope; it exports handler"),
    "deleted": ("exports.handler = 'x'; delete exports.handler; exports.a = 1;", "", "does not export nope; it exports a, handler"),
    "counted up": ("exports.handler = 'x'; exports.handler++;", "", "does not export nope"),
    "or-assigned": ("exports.handler ||= () => 1;", "", "does not export nope"),
    "destructured into": ("exports.handler = 'x'; [exports.handler] = [() => 1];", "", "does not export nope"),
    "filled by a loop": ("exports.handler = 'x'; for (exports.handler of [() => 1]);", "", "does not export nope"),
    "a member's member": ("exports.handler = {}; exports.handler.a = 1;", "", "does not export nope"),
    "read only": ("exports.handler = 'x'; if (exports.handler === 'x') f(typeof exports, exports === module.exports);",
        "handler of index.js is a plain value", "does not export nope"),
    "compared only": ("exports.handler = 'x'; var same = typeof exports === 'object' && module === require.main;",
        "handler of index.js is a plain value", "does not export nope"),
    "computed and read": ("exports.handler = 'x'; var a = exports[b];", "handler of index.js is a plain value", "does not export nope"),
    "keys listed": (
        "exports.handler = 'x'; console.log(Object.keys(exports));",
        "handler of index.js is a plain value", "does not export nope",
    ),
    "handed to a constructor": ("exports.handler = 'x'; new Fill(exports);", "", ""),
    "handed to a function": ("exports.handler = 'x'; fill(exports);", "", ""),
    "kept under another name": ("exports.handler = 'x'; const out = module.exports;", "", ""),
    "kept as a property": ("exports.handler = 'x'; app.out = exports;", "", ""),
    "module handed on": ("exports.handler = 'x'; fill(module);", "", ""),
    "module's own names": (
        "exports.handler = 'x'; f(module.id, module.parent);",
        "handler of index.js is a plain value", "does not export nope",
    ),
    "module's prototype": ("exports.handler = 'x'; f(module.constructor);", "", ""),
    "module by subscript": ("module['exports'] = {handler() {}};", "", "does not export nope; it exports handler"),
    "parted and written": (
        "module.exports = {}; exports.handler = () => 1;",
        "does not export handler, nor anything else", "does not export nope",
    ),
    "joined again": (
        "module.exports = {}; exports = module.exports; exports.handler = () => 1;", "", "does not export nope; it exports handler",
    ),
    "parted and handed on": ("exports = {}; fill(exports); module.exports.handler = () => 1;", "", "does not export nope"),
    "exports replaced on a branch": ("if (x) exports = {}; exports.handler = 'x';", "", ""),
    "replaced on a branch": ("exports.handler = 'x'; if (x) module.exports = {handler() {}};", "", "does not export nope"),
    "replaced by two branches": (
        "if (x) { module.exports = {handler() {}} } else { module.exports = {handler() {}, a: 1} }", "", "",
    ),
    "replaced by one of two files": (
        "if (x) { module.exports = require('./lib') } else { module.exports = require('./other') }", "", "",
    ),
    "replaced by nothing": ("module.exports = null;", "does not export handler", "does not export nope"),
    "replaced by a text": ("module.exports = 'x';", "", ""),
    "replaced by a function": ("module.exports = () => 1;", "does not export handler", "does not export nope"),
    "replaced by a named function that gets more": (
        "function api() {}\napi.handler = () => 1;\nmodule.exports = api;", "", "",
    ),
    "replaced by a call": ("module.exports = make();", "", ""),
    "a chain of assignments": ("module.exports = exports.main = lib = {handler() {}};", "", ""),
    "both, the other way round": ("module.exports = exports = {handler() {}};", "", "does not export nope; it exports handler"),
    "a chain with a name through which more is put in": (
        "var lib; module.exports = lib = {}; lib.handler = () => 1;", "", "",
    ),
    "a chain handed to a function": ("fill(exports = module.exports = {});", "", ""),
    "both, the other way round, and a third name": (
        "var out; out = module.exports = exports = {}; out.handler = () => 1;", "", "",
    ),
    "both, and a third name": ("const out = exports = module.exports = {}; out.handler = () => 1;", "", ""),
    "in a block": ("{ const handler = 'x'; exports.handler = handler; }", "", "does not export nope"),
    "object in a block": ("{ const handler = () => 1; module.exports = {handler}; }", "", "does not export nope"),
    "class in a try": ("try { exports.handler = 'x' } catch { exports.handler = () => 1 }", "", "does not export nope"),
    "the cache": ("exports.handler = 'x'; require.cache[__filename].exports = {};", "", ""),
    "this in a class": ("exports.handler = 'x'; class A { constructor() { this.a = 1 } }", "handler of index.js is a plain value",
        "does not export nope"),
    "this in an arrow": ("exports.handler = 'x'; (() => { this.handler = () => 1 })();", "", ""),
    "this in a function": ("exports.handler = 'x'; function A() { this.a = 1 }", "handler of index.js is a plain value",
        "does not export nope"),
    "arguments": ("exports.handler = 'x'; arguments[0].handler = () => 1;", "", ""),
    "eval": ("exports.handler = 'x'; eval(code);", "", ""),
    "star of a computed file": ("__exportStar(require(name), exports);", "", ""),
    "star by tslib": ("tslib.__exportStar(require('./lib'), exports);", "", "does not export nope"),
    "unless declared": ("var exports = {}; exports.handler = 1;", "", ""),
}  # fmt: skip

FILES: Final = {"lib.js": RUN, "other.js": "exports.nope = () => 1;\n"}


@pytest.mark.parametrize("name", COMMONJS)
def test_exports_of_commonjs(sight: Sight, name: str) -> None:
    code, *said = COMMONJS[name]
    for member, part in zip(("handler", "nope"), said, strict=True):
        found = sight.judge(sight.filesystem({"index.js": code, **FILES}), "nodejs22.x", f"index.{member}")
        assert [(fault.sort, part in fault.hit.message) for fault in found.faults] == ([(Sort.MEMBER, True)] if part else [])

#: Name → (end of index.js after "const f = ", runtime, what is said of f exported as the handler).
VALUES: Mapping[str, tuple[str, str, str]] = {
    "nothing": ("undefined;", "nodejs22.x", "gives it no value"),
    "null": ("null;", "nodejs22.x", "gives it no value"),
    "zero": ("0;", "nodejs22.x", "gives it no value"),
    "no text": ("'';", "nodejs22.x", "gives it no value"),
    "a text": ("`x`;", "nodejs22.x", "a plain value"),
    "a number": ("8;", "nodejs22.x", "a plain value"),
    "a list": ("[() => 1];", "nodejs22.x", "an object"),
    "a class": ("class { };", "nodejs22.x", "a class, which the runtime calls without new"),
    "an object": ("{ run() {} };", "nodejs22.x", "an object, not a function"),
    "a frozen object": ("Object.freeze({});", "nodejs22.x", "an object, not a function"),
    "a negation": ("!x;", "nodejs22.x", ""),
    "a call": ("make({});", "nodejs22.x", ""),
    "a choice": ("x ? 'a' : () => 1;", "nodejs22.x", ""),
    "the last of a list": ("(x, 'a');", "nodejs22.x", "a plain value"),
    "the end of an assignment": ("g = 'a';", "nodejs22.x", "a plain value"),
    "another name": ("g; var g = 'a';", "nodejs22.x", "a plain value"),
    "an unknown name": ("g;", "nodejs22.x", ""),
    "a name bound twice": ("g; var g = 'a'; var g = () => 1;", "nodejs22.x", ""),
    "a name written later": ("g; var g = 'a'; g = () => 1;", "nodejs22.x", ""),
    "a name counted up": ("g; var g = 'a'; g++;", "nodejs22.x", ""),
    "a name that a pattern writes": ("g; var g = 'a'; [g] = [() => 1];", "nodejs22.x", ""),
    "a name that an object pattern writes": ("g; var g = 'a'; ({g} = {g: () => 1});", "nodejs22.x", ""),
    "a name that a renamed pattern writes": ("g; var g = 'a'; ({x: g} = {x: () => 1});", "nodejs22.x", ""),
    "a name that a pattern with a default writes": ("g; var g = 'a'; [g = () => 1] = [];", "nodejs22.x", ""),
    "a name that a loop writes": ("g; var g = 'a'; for (g of [() => 1]);", "nodejs22.x", ""),
    "a name from a pattern": ("g; var {g} = lib, [h, ...i] = lib;", "nodejs22.x", ""),
    "a name that eval may write": ("g; var g = 'a'; eval(code);", "nodejs22.x", ""),
    "a function that is written over": ("g; function g(a, b, c) {} g = () => 1;", "nodejs24.x", ""),
    "a generator": ("function* (a, b, c) {};", "nodejs24.x", "takes 3 parameters"),
    "a required file": ("require('./lib').handler;", "nodejs22.x", ""),
    "three parameters": ("(a, b, c) => 1;", "nodejs24.x", "takes 3 parameters"),
    "three parameters before": ("(a, b, c) => 1;", "nodejs22.x", ""),
    "one parameter": ("a => 1;", "nodejs24.x", ""),
    "two and a rest": ("(a, b, ...c) => 1;", "nodejs24.x", ""),
    "two and a default": ("function (a, b, c = 1) {};", "nodejs24.x", ""),
    "patterns": ("({a}, [b], {c}) => 1;", "nodejs24.x", "takes 3 parameters"),
}


@pytest.mark.parametrize("form", ["exports.handler = f;", "module.exports = {handler: f};"])
@pytest.mark.parametrize("name", VALUES)
def test_what_a_name_is_worth(sight: Sight, name: str, form: str) -> None:
    code, runtime, part = VALUES[name]
    found = sight.judge(sight.filesystem({"index.js": f"const f = {code}\n{form}\n", **FILES}), runtime, "index.handler")
    assert [part in fault.hit.message for fault in found.faults] == ([True] if part else []), texts(found)


#: Text of a JSON file that is required → what V8 of Node.js 20.20 says.
JSON: Mapping[str, str] = {
    "": "Unexpected end of JSON input",
    "[": "Unexpected end of JSON input",
    "[1,": "Unexpected end of JSON input",
    "[1 2]": "Expected ',' or ']' after array element in JSON at position 3",
    "[]]": "Unexpected non-whitespace character after JSON at position 2",
    "[01]": "Unexpected number in JSON at position 2",
    "[1.]": "Unterminated fractional number in JSON at position 3",
    '{"a": tru}': "Unexpected token '}', \"{\"a\": tru}\" is not valid JSON",
    '{"a" 1}': "Expected ':' after property name in JSON at position 5",
    '{"a": 1,}': "Expected double-quoted property name in JSON at position 8",
    "{a: 1}": "Expected property name or '}' in JSON at position 1",
    '{"a': "Unterminated string in JSON at position 3",
    '{"a\\x": 1}': "Bad escaped character in JSON at position 4",
    '["a\nb"]': "Bad control character in string literal in JSON at position 3",
    '["\\u12"]': "Bad Unicode escape in JSON at position 6",
    '["\\': "Unexpected end of JSON input",
    "[-x]": "No number after minus sign in JSON at position 2",
    "[1e]": "Exponent part is missing a number in JSON at position 3",
    "[1.5.5]": "Expected ',' or ']' after array element in JSON at position 4",
    "[1x]": "Expected ',' or ']' after array element in JSON at position 2",
    "tru": "Unexpected end of JSON input",
    "[nope, 1, 2, 3, 4, 5]": "Unexpected token 'o', \"[nope, 1, 2,\"... is not valid JSON",
    "// a comment": "Unexpected token '/', \"// a comment\" is not valid JSON",
    '{"list": [1, 2, 3], "word": nope, "and": "so on"}': "Unexpected token 'o', ...\" \"word\": nope, \"and\"\"... is not valid JSON",
}


@pytest.mark.parametrize("text", JSON)
def test_what_v8_says_of_json(sight: Sight, text: str) -> None:
    found = sight.judge(sight.filesystem({"index.js": "require('./d');" + RUN, "d.json": text}), "nodejs20.x", "index.handler")
    assert aws(only(found)) == ("Runtime.UserCodeSyntaxError", f"SyntaxError: /var/task/d.json: {JSON[text]}")


@pytest.mark.parametrize(
    "text", ["{}", "[]", "[[], {}]", ' {"a" : [1.5e3, -0, true, null, "\\u00e9\\n"]} ', "[" * 300 + "]" * 300, "[" * 300]
)
def test_json_that_is_well_or_too_deep_to_tell(sight: Sight, text: str) -> None:
    found = sight.judge(sight.filesystem({"index.js": "require('./d');" + RUN, "d.json": text}), "nodejs20.x", "index.handler")
    assert not found.faults


@pytest.mark.parametrize(
    ("runtime", "said"),
    [
        ("nodejs18.x", "Unexpected token ] in JSON at position 3"),
        ("nodejs20.x", "Unexpected token ']', \"[1,]\" is not valid JSON"),
        ("nodejs22.x", "Unexpected token ']', \"[1,]\" is not valid JSON"),
    ],
)
def test_each_version_s_words_for_json(sight: Sight, runtime: str, said: str) -> None:
    found = sight.judge(sight.filesystem({"index.js": "require('./d');" + RUN, "d.json": "[1,]"}), runtime, "index.handler")
    assert aws(only(found)) == ("Runtime.UserCodeSyntaxError", f"SyntaxError: /var/task/d.json: {said}")


#: Name → (text after a good handler, what V8 says; "" is nothing, or nothing that is sure).
BRACKETS: Mapping[str, tuple[str, str]] = {
    "open in a template": ("f(`a ${ {a: `b`}.a } c`", "missing ) after argument list"),
    "a brace too many after a template": ("f(`a ${1} c`); }", "Unexpected token '}'"),
    "a regular expression after return": ("function f() { return /[}/]/ }\nif (x) {", "Unexpected end of input"),
    "a division": ("f(a / b, c[0] / 2, '1' / 3", "missing ) after argument list"),
    "a call in a function": ("function g() { app.get('/', () => {}", "missing ) after argument list"),
    "a call before its argument": ("f(a,", "Unexpected end of input"),
    "a condition": ("if (a", "Unexpected end of input"),
    "parameters": ("function foo(a", ""),
    "a method, or a call": ("class A { foo(a", ""),
    "a list": ("f([1", "Unexpected end of input"),
    "a slash that could be both": ("if (x) /[}]/.test(y)\n{", ""),
    "a pair that does not fit": ("f(a]", ""),
    "a text without its end": ("f('a", ""),
    "a template without its end": ("f(`a", ""),
    "a regular expression without its end": ("f(/a", ""),
    "a comment with a brace": ("/* { */ // {\n", ""),
    "good templates": ("f(`}`, `${'}'}`, `\\``, `$`, `$${1}`);", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", BRACKETS)
def test_brackets(sight: Sight, name: str) -> None:
    code, said = BRACKETS[name]
    found = sight.judge(sight.filesystem({"index.js": RUN + code}), "nodejs22.x", "index.handler")
    assert [aws(fault)[1] for fault in found.faults] == ([f"SyntaxError: {said}"] if said else [])

#: Name → (files, handler, runtime, what is said; "" is silence).
MODULES: Mapping[str, tuple[Mapping[str, str], str, str, str]] = {
    "default forwarded": ({"index.mjs": "export { default as handler } from './a.mjs'", "a.mjs": "export default 'x'"},
        "index.handler", "nodejs22.x", "handler of index.mjs is a plain value"),
    "default imported": ({"index.mjs": "import a from './a.mjs'; export { a as handler }", "a.mjs": "export default 'x'"},
        "index.handler", "nodejs22.x", "handler of index.mjs is a plain value"),
    "namespace imported": ({"index.mjs": "import * as a from './a.mjs'; export { a as handler }", "a.mjs": ""},
        "index.handler", "nodejs22.x", ""),
    "namespace exported": ({"index.mjs": "export * as api from './a.mjs'", "a.mjs": "export const handler = () => 1"},
        "index.api.handler", "nodejs22.x", ""),
    "namespace without the name": ({"index.mjs": "export * as api from './a.mjs'", "a.mjs": ""},
        "index.handler", "nodejs22.x", "does not export handler; it exports api"),
    "star leaves the default": ({"index.mjs": "export * from './a.mjs'", "a.mjs": "export default () => 1"},
        "index.default", "nodejs22.x", "does not export default"),
    "same name by two ways": ({"index.mjs": "export * from './a.mjs'; export * from './b.mjs'",
        "a.mjs": "export * from './c.mjs'", "b.mjs": "export * from './c.mjs'", "c.mjs": "export const handler = () => 1"},
        "index.handler", "nodejs22.x", ""),
    "two defaults": ({"index.mjs": "export default 1; export default 2"}, "index.default", "nodejs22.x",
        "identifier '.default' has already been declared"),
    "two functions": ({"index.mjs": "export function handler() {}\nfunction handler() {}"}, "index.handler", "nodejs22.x",
        "identifier 'handler' has already been declared"),
    "await in a plain function": ({"index.mjs": "export const handler = () => { await go(); }"}, "index.handler", "nodejs22.x",
        "unexpected reserved word"),
    "await at the top": ({"index.mjs": "await go(); export const handler = () => 1"}, "index.handler", "nodejs22.x", ""),
    "a decimal with a zero": ({"index.mjs": "f(09); export const handler = () => 1"}, "index.handler", "nodejs22.x",
        "decimals with leading zeros"),
    "an own require": ({"index.mjs": "const require = f; require('x'); export const handler = () => 1"}, "index.handler",
        "nodejs22.x", ""),
    "a global require": ({"index.mjs": "globalThis.require = f; require('x'); export const handler = () => 1"}, "index.handler",
        "nodejs22.x", ""),
    "module syntax in a .cjs": ({"index.cjs": "export const handler = 1"}, "index.handler", "nodejs22.x",
        "its name makes it CommonJS"),
    "module syntax under commonjs": ({"index.js": "export const handler = 1", "package.json": '{"type": "commonjs"}'},
        "index.handler", "nodejs22.x", "says type: commonjs"),
    "default object's function": ({"index.mjs": "export default { handler() {} }"}, "index.handler", "nodejs24.x", ""),
    "default object without it": ({"index.mjs": "export default { run() {} }"}, "index.handler", "nodejs24.x",
        "does not export handler"),
    "default call": ({"index.mjs": "export default make()"}, "index.handler", "nodejs24.x", ""),
    "function with a member": ({"index.js": "module.exports = f; exports.handler = 1; function f() {} f.handler = () => 1"},
        "index.handler", "nodejs24.x", ""),
    "condition list": ({"index.js": "require('p');" + RUN, "node_modules/p/package.json": '{"exports": [{"x": "./a.js"}, "./b.js"]}',
        "node_modules/p/b.js": ""}, "index.handler", "nodejs22.x", ""),
    "most fitting pattern": ({"index.js": "require('p/a/b');" + RUN, "node_modules/p/b.js": "",
        "node_modules/p/package.json": '{"exports": {"./*": "./no/*.js", "./a/*": "./*.js"}}'}, "index.handler", "nodejs22.x", ""),
    "no pattern fits": ({"index.js": "require('p/c');" + RUN, "node_modules/p/package.json": '{"exports": {"./a/*": "./*.js"}}'},
        "index.handler", "nodejs22.x", "do not give p/c"),
    "a target outside": ({"index.js": "require('p');" + RUN, "node_modules/p/package.json": '{"exports": "../q.js"}'},
        "index.handler", "nodejs22.x", ""),
    "a target that is no path": ({"index.js": "require('p');" + RUN, "node_modules/p/package.json": '{"exports": 1}'},
        "index.handler", "nodejs22.x", ""),
    "a folder mapping": ({"index.js": "require('p/a');" + RUN, "node_modules/p/package.json": '{"exports": {"./lib/": "./lib/"}}'},
        "index.handler", "nodejs22.x", ""),
    "an import map to a package": ({"index.js": "require('#x');" + RUN, "package.json": '{"imports": {"#x": "nope"}}'},
        "index.handler", "nodejs22.x", "nope"),
    "a mapped file that is gone": ({"index.js": "require('p');" + RUN, "node_modules/p/package.json": '{"exports": "./a.js"}'},
        "index.handler", "nodejs22.x", "is mapped to /var/task/node_modules/p/a.js, which is not there"),
}  # fmt: skip


@pytest.mark.parametrize("name", MODULES)
def test_modules_and_packages(sight: Sight, name: str) -> None:
    tree, handler, runtime, part = MODULES[name]
    found = sight.judge(sight.filesystem(tree), runtime, handler)
    assert [part in fault.hit.message for fault in found.faults] == ([True] if part else []), texts(found)
