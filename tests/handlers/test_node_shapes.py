"""Shapes of Node.js code: which exports are sure, which are surely lacking, and which nobody can tell without running it."""

from collections.abc import Mapping
from typing import Final

import pytest

from lambdalint.handlers import Sort
from tests.handlers.sight import Sight

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
    "keys listed": ("exports.handler = 'x'; console.log(Object.keys(exports));", "handler of index.js is a plain value", "does not export nope"),
    "handed to a constructor": ("exports.handler = 'x'; new Fill(exports);", "", ""),
    "handed to a function": ("exports.handler = 'x'; fill(exports);", "", ""),
    "kept under another name": ("exports.handler = 'x'; const out = module.exports;", "", ""),
    "kept as a property": ("exports.handler = 'x'; app.out = exports;", "", ""),
    "module handed on": ("exports.handler = 'x'; fill(module);", "", ""),
    "module's own names": ("exports.handler = 'x'; f(module.id, module.parent);", "handler of index.js is a plain value", "does not export nope"),
    "module's prototype": ("exports.handler = 'x'; f(module.constructor);", "", ""),
    "module by subscript": ("module['exports'] = {handler() {}};", "", "does not export nope; it exports handler"),
    "parted and written": ("module.exports = {}; exports.handler = () => 1;", "does not export handler, nor anything else", "does not export nope"),
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
