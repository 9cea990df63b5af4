"""Node.js handlers. The texts are those of the runtime clients 3.3.0 and 4.0.2 on Node.js 18.20, 20.20, 22.23 and 24.21."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from lambdalint.handlers import Sort
from lambdalint.model import Phase, Severity
from lambdalint.surely import EXEC_WRAPPER
from tests.handlers.sight import Sight, Tree, aws, only, paths, texts, unsure

HANDLER = "exports.handler = async () => 1;\n"
ESM = "export const handler = async () => 1;\n"
MODULE = '{"type": "module"}'
ALL = ("18", "20", "22", "24")
IMPORT, SYNTAX, NOT_FOUND = "Runtime.ImportModuleError", "Runtime.UserCodeSyntaxError", "Runtime.HandlerNotFound"
CALLBACK = "Runtime.CallbackHandlerDeprecated"
CALLBACKS_GONE = (
    "ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. "
    "You need to modify this function to use a supported handler signature to use Node.js 24 or later. "
    "For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html."
)
NO_NAME = (
    "SyntaxError: Named export 'b' not found. The requested module './a.cjs' is a CommonJS module, "
    "which may not support all module.exports as named exports."
)

#: Name → (tree, handler): what runs on every version.
GOOD: Mapping[str, tuple[Tree, str]] = {
    "plain": ({"index.js": HANDLER}, "index.handler"),
    "absolute": ({"index.js": HANDLER}, "/var/task/index.handler"),
    "dot slash": ({"src/index.js": HANDLER}, "./src/index.handler"),
    "folder with a dot": ({"v1.0/index.js": HANDLER}, "v1.0/index.handler"),
    "trailing slash": ({"index.js": HANDLER}, "index.handler/"),
    "mjs": ({"index.mjs": ESM}, "index.handler"),
    "cjs": ({"index.cjs": HANDLER, "package.json": MODULE}, "index.handler"),
    "type module": ({"index.js": ESM, "package.json": MODULE}, "index.handler"),
    "nearest package.json": ({"src/index.js": HANDLER, "src/package.json": "{}", "package.json": MODULE}, "src/index.handler"),
    "no suffix": ({"index": HANDLER}, "index.handler"),
    "js before mjs": ({"index.js": HANDLER, "index.mjs": "broken("}, "index.handler"),
    "root file for a folder": ({"app.js": HANDLER}, "src/app.handler"),
    "nested export": ({"index.js": "exports.api = { handler: async () => 1 };"}, "index.api.handler"),
    "byte order mark": ({"index.js": "\ufeff" + HANDLER}, "index.handler"),
    "shebang": ({"index.js": "#!/usr/bin/env node\n" + HANDLER}, "index.handler"),
    "return at the top": ({"index.js": HANDLER + "return;"}, "index.handler"),
    "subscript": ({"index.js": "exports['handler'] = () => 1"}, "index.handler"),
    "object": ({"index.js": "const handler = () => 1; module.exports = { handler };"}, "index.handler"),
    "method": ({"index.js": "module.exports = { async handler() {} };"}, "index.handler"),
    "both names": ({"index.js": "exports = module.exports = {}; exports.handler = () => 1"}, "index.handler"),
    "alias": ({"index.js": "const out = module.exports = {}; out.handler = () => 1"}, "index.handler"),
    "defineProperty": ({"index.js": "Object.defineProperty(exports, 'handler', { value: () => 1 });"}, "index.handler"),
    "getter": (
        {"index.js": "Object.defineProperty(exports, 'handler', { enumerable: true, get: function () { return () => 1; } });"},
        "index.handler",
    ),
    "assign": ({"index.js": "Object.assign(exports, { handler: () => 1 });"}, "index.handler"),
    "computed": ({"index.js": "for (const name of ['handler']) exports[name] = () => 1;"}, "index.handler"),
    "this": ({"index.js": "this.handler = () => 1"}, "index.handler"),
    "eval": ({"index.js": "eval('exports.handler = () => 1')"}, "index.handler"),
    "factory": ({"index.js": "(function (e) { e.handler = () => 1 })(exports);"}, "index.handler"),
    "branch": ({"index.js": "if (!process.env.X) { exports.handler = () => 1 }"}, "index.handler"),
    "in a function": ({"index.js": "function go() { exports.handler = () => 1 }\ngo();"}, "index.handler"),
    "re-export": ({"index.js": "module.exports = require('./lib');", "lib.js": HANDLER}, "index.handler"),
    "spread": ({"index.js": "module.exports = { ...require('./lib') };", "lib/index.js": HANDLER}, "index.handler"),
    "typescript star": (
        {
            "index.js": "var __exportStar = function (m, exports) { for (var p in m) exports[p] = m[p]; };\n"
            "__exportStar(require('./lib'), exports);",
            "lib.js": HANDLER,
        },
        "index.handler",
    ),
    "typescript": ({"index.js": "exports.handler = void 0;\nconst handler = () => 1;\nexports.handler = handler;"}, "index.handler"),
    "esbuild": (
        {
            "index.js": "var i = {};\n__export(i, { handler: () => handler });\nmodule.exports = __toCommonJS(i);\n"
            "function __export(t, a) { for (var n in a) Object.defineProperty(t, n, { get: a[n], enumerable: true }); }\n"
            "function __toCommonJS(m) { return m; }\nvar handler = async () => 1;\n0 && (module.exports = { handler });"
        },
        "index.handler",
    ),
    "esm list": ({"index.mjs": "const a = () => 1; export { a as handler };"}, "index.handler"),
    "esm string name": ({"index.mjs": "const a = () => 1; export { a as 'handler' };"}, "index.handler"),
    "esm late": ({"index.mjs": "export let handler; handler = () => 1;"}, "index.handler"),
    "esm destructured": ({"index.mjs": "export const { handler } = { handler: () => 1 };"}, "index.handler"),
    "esm star": ({"index.mjs": "export * from './lib.mjs';", "lib.mjs": ESM}, "index.handler"),
    "esm star of cjs": ({"index.mjs": "export * from './lib.cjs';", "lib.cjs": HANDLER}, "index.handler"),
    "esm from": ({"index.mjs": "export { a as handler } from './lib.mjs';", "lib.mjs": "export const a = () => 1"}, "index.handler"),
    "esm passed on": ({"index.mjs": "import { handler } from './lib.mjs'; export { handler };", "lib.mjs": ESM}, "index.handler"),
    "esm default": ({"index.mjs": "export default async () => 1"}, "index.default"),
    "esm var in a loop": ({"index.mjs": "for (var x of []) ; export { x };" + ESM}, "index.handler"),
    "createRequire": (
        {"index.mjs": "import { createRequire } from 'module';\nconst require = createRequire(import.meta.url);\nrequire('fs');\n" + ESM},
        "index.handler",
    ),
    "typeof require in esm": ({"index.mjs": "const r = typeof require !== 'undefined' ? require : null;\n" + ESM}, "index.handler"),
    "guarded require": ({"index.js": "try { require('nope') } catch {}\n" + HANDLER}, "index.handler"),
    "require on a branch": ({"index.js": "process.env.X && require('nope');\n" + HANDLER}, "index.handler"),
    "require after a return": ({"index.js": HANDLER + "if (1) return;\nrequire('nope')"}, "index.handler"),
    "own require": ({"index.js": "(function (require) { require('nope') })(() => 1);\n" + HANDLER}, "index.handler"),
    "commonjs wrapper": (
        {"index.js": "var __commonJS = (x) => x;\nvar lib = __commonJS({ 'x'(exports) { exports.a = require('nope') } });\n" + HANDLER},
        "index.handler",
    ),
    "main": (
        {"index.js": "require('p');" + HANDLER, "node_modules/p/package.json": '{"main": "lib"}', "node_modules/p/lib/index.js": ""},
        "index.handler",
    ),
    "main that is gone": (
        {"index.js": "require('p');" + HANDLER, "node_modules/p/package.json": '{"main": "gone"}', "node_modules/p/index.js": ""},
        "index.handler",
    ),
    "conditions": (
        {
            "index.js": "require('p/a/b');" + HANDLER,
            "node_modules/p/package.json": '{"exports": {"./a/*": {"import": "./no.mjs", "require": "./lib/*.js"}}}',
            "node_modules/p/lib/b.js": "",
        },
        "index.handler",
    ),
    "imports map": (
        {"index.mjs": "import '#x';" + ESM, "package.json": '{"imports": {"#x": {"node": "./x.mjs"}}}', "x.mjs": ""},
        "index.handler",
    ),
    "itself": (
        {"index.js": "require('me/x');" + HANDLER, "package.json": '{"name": "me", "exports": {"./x": "./x.js"}}', "x.js": ""},
        "index.handler",
    ),
    "esm main without suffix": (
        {"index.mjs": "import 'p';" + ESM, "node_modules/p/package.json": '{"main": "lib"}', "node_modules/p/lib.js": ""},
        "index.handler",
    ),
    "encoded import": ({"index.mjs": "import './a%20b.mjs?x#y';" + ESM, "a b.mjs": ""}, "index.handler"),
    "circle": ({"index.js": "require('./b');" + HANDLER, "b.js": "require('./index')"}, "index.handler"),
    "json": ({"index.js": "require('./data');" + HANDLER, "data.json": "\ufeff[1]"}, "index.handler"),
    "html comment": ({"index.js": "<!-- old\n" + HANDLER}, "index.handler"),
    "await as a name": ({"index.js": "var await = (x) => x; await (1);\n" + HANDLER}, "index.handler"),
    "two functions": ({"index.js": "function a() {}\nfunction a() {}\nvar a;" + HANDLER}, "index.handler"),
}

#: Name → (tree, handler, versions, sort, code, first line of the message).
BAD: Mapping[str, tuple[Tree, str, tuple[str, ...], Sort, str, str]] = {
    "two dots": (
        {"index.js": HANDLER}, "../task/index.handler", ALL, Sort.FORM, "Runtime.MalformedHandlerName",
        "'../task/index.handler' is not a valid handler name. Use absolute paths when specifying root directories in handler names.",
    ),
    "no dot": ({"index.js": HANDLER}, "index", ALL, Sort.FORM, "Runtime.MalformedHandlerName", "Bad handler"),
    "colons": ({"index.js": HANDLER}, "index::handler", ALL, Sort.FORM, "Runtime.MalformedHandlerName", "Bad handler"),
    "not there": ({"dist/index.js": HANDLER}, "index.handler", ALL, Sort.MODULE, IMPORT, "Error: Cannot find module 'index'"),
    "only typescript": ({"index.ts": ESM}, "index.handler", ALL, Sort.MODULE, IMPORT, "Error: Cannot find module 'index'"),
    "case": ({"Index.js": HANDLER}, "index.handler", ALL, Sort.MODULE, IMPORT, "Error: Cannot find module 'index'"),
    "dotted file": ({"my.app.js": HANDLER}, "my.app.handler", ALL, Sort.MODULE, IMPORT, "Error: Cannot find module 'my'"),
    "first hit of the name": ({"a.b/x/a.js": HANDLER}, "a.b/x/a.b", ALL, Sort.MODULE, IMPORT, "Error: Cannot find module 'a'"),
    "empty folder": (
        {"index/": "", "index/readme": ""}, "index.handler", ("18", "20", "22"), Sort.MODULE, IMPORT,
        "Error: Cannot find module '/var/task/index'",
    ),
    "folder beside the file": (
        {"index/": "", "index/x": "", "index.js": HANDLER}, "index.handler", ("24",), Sort.MODULE, "Error",
        "Directory import '/var/task/index' is not supported resolving ES modules imported from /var/runtime/index.mjs",
    ),
    "hash in the name": (
        {"a#b.js": HANDLER}, "a#b.handler", ("24",), Sort.MODULE, "Error",
        "Cannot find module '/var/task/a' imported from /var/runtime/index.mjs",
    ),
    "suffix in the handler": (
        {"index.js": HANDLER}, "index.js.handler", ALL, Sort.MEMBER,
        NOT_FOUND, "index.js.handler is undefined or not exported",
    ),
    "core module": ({}, "fs.handler", ALL, Sort.MEMBER, NOT_FOUND, "fs.handler is undefined or not exported"),
    "json": ({"app.json": '{"handler": 1}'}, "app.handler", ALL, Sort.MEMBER, NOT_FOUND, "app.handler is not a function"),
    "other name": (
        {"index.js": "exports.main = 1"}, "index.handler", ALL, Sort.MEMBER,
        NOT_FOUND, "index.handler is undefined or not exported",
    ),
    "empty file": ({"index.js": ""}, "index.handler", ALL, Sort.MEMBER, NOT_FOUND, "index.handler is undefined or not exported"),
    "not exported": (
        {"index.js": "const handler = 1"}, "index.handler", ALL, Sort.MEMBER,
        NOT_FOUND, "index.handler is undefined or not exported",
    ),
    "replaced": (
        {"index.js": HANDLER + "module.exports = { main() {} };"}, "index.handler", ALL, Sort.MEMBER, NOT_FOUND,
        "index.handler is undefined or not exported",
    ),
    "exports reassigned": (
        {"index.js": "exports = { handler() {} }"}, "index.handler", ALL, Sort.MEMBER,
        NOT_FOUND, "index.handler is undefined or not exported",
    ),
    "void": (
        {"index.js": "exports.handler = void 0"}, "index.handler", ALL, Sort.MEMBER,
        NOT_FOUND, "index.handler is undefined or not exported",
    ),
    "text": ({"index.js": "exports.handler = 'x'"}, "index.handler", ALL, Sort.MEMBER, NOT_FOUND, "index.handler is not a function"),
    "in a comment": (
        {"index.js": "/* exports.handler = 1 */ 'exports.handler'"}, "index.handler", ALL, Sort.MEMBER,
        NOT_FOUND, "index.handler is undefined or not exported",
    ),
    "shadowed exports": (
        {"index.js": "(function (exports) { exports.handler = 1 })({});"}, "index.handler", ALL, Sort.MEMBER, NOT_FOUND,
        "index.handler is undefined or not exported",
    ),
    "re-export lacks it": (
        {"index.js": "module.exports = require('./lib')", "lib.js": "exports.main = 1"}, "index.handler", ALL, Sort.MEMBER, NOT_FOUND,
        "index.handler is undefined or not exported",
    ),
    "esm never set": (
        {"index.mjs": "export let handler;"}, "index.handler", ALL, Sort.MEMBER,
        NOT_FOUND, "index.handler is undefined or not exported",
    ),
    "default function's name": (
        {"index.mjs": "export default function handler() {}"}, "index.handler", ALL, Sort.MEMBER, NOT_FOUND,
        "index.handler is undefined or not exported",
    ),
    "default object": (
        {"index.mjs": "export default { handler() {} }"}, "index.handler", ("18", "20", "22"), Sort.MEMBER, NOT_FOUND,
        "index.handler is undefined or not exported",
    ),
    "star conflict": (
        {"index.mjs": "export * from './a.mjs'; export * from './b.mjs'", "a.mjs": ESM, "b.mjs": ESM}, "index.handler", ALL, Sort.MEMBER,
        NOT_FOUND, "index.handler is undefined or not exported",
    ),
    "star of what the lexer cannot see": (
        {"index.mjs": "export * from './a.cjs'", "a.cjs": "const o = { handler() {} }; module.exports = Object.assign({}, o);"},
        "index.handler", ALL, Sort.MEMBER, NOT_FOUND, "index.handler is undefined or not exported",
    ),
    "default of commonjs": (
        {"index.js": "exports.default = () => 1"}, "index.default", ("24",), Sort.MEMBER,
        NOT_FOUND, "index.default is not a function",
    ),
    "class with a static": (
        {"index.js": "module.exports = class { static handler() {} }"}, "index.handler", ("24",), Sort.MEMBER, NOT_FOUND,
        "index.handler is undefined or not exported",
    ),
    "callback": (
        {"index.js": "exports.handler = (event, context, callback) => callback(null, 1)"}, "index.handler", ("24",), Sort.SIGNATURE,
        CALLBACK, CALLBACKS_GONE,
    ),
    "import in commonjs": (
        {"index.js": "import fs from 'fs';\n" + ESM}, "index.handler", ALL, Sort.DIALECT, SYNTAX,
        "SyntaxError: Cannot use import statement outside a module",
    ),
    "export in commonjs": ({"index.js": ESM}, "index.handler", ALL, Sort.DIALECT, SYNTAX, "SyntaxError: Unexpected token 'export'"),
    "import.meta in commonjs": (
        {"index.js": "f(import.meta.url);" + HANDLER}, "index.handler", ALL, Sort.DIALECT, SYNTAX,
        "SyntaxError: Cannot use 'import.meta' outside a module",
    ),
    "await in commonjs": (
        {"index.js": "const x = await go();" + HANDLER}, "index.handler", ALL, Sort.DIALECT, SYNTAX,
        "SyntaxError: await is only valid in async functions and the top level bodies of modules",
    ),
    "exports in esm": (
        {"index.js": HANDLER, "package.json": MODULE}, "index.handler", ALL, Sort.DIALECT, "ReferenceError",
        "exports is not defined in ES module scope",
    ),
    "require in esm": (
        {"index.mjs": "const a = require('fs');" + ESM}, "index.handler", ALL, Sort.DIALECT, "ReferenceError",
        "require is not defined in ES module scope, you can use import instead",
    ),
    "require of esm": (
        {"index.js": "require('./a.mjs');" + HANDLER, "a.mjs": ""}, "index.handler", ("20", "22", "24"), Sort.DIALECT, "Error",
        "require() of ES Module /var/task/a.mjs from /var/task/index.js not supported.",
    ),
    "json without attribute": (
        {"index.mjs": "import d from './d.json';" + ESM, "d.json": "{}"}, "index.handler", ("22", "24"), Sort.DIALECT, "TypeError",
        'Module "file:///var/task/d.json" needs an import attribute of "type: json"',
    ),
    "unknown suffix": (
        {"index.mjs": "import './a.txt';" + ESM, "a.txt": ""}, "index.handler", ALL, Sort.DIALECT, "TypeError",
        'Unknown file extension ".txt" for /var/task/a.txt',
    ),
    "return in esm": ({"index.mjs": ESM + "return;"}, "index.handler", ALL, Sort.DIALECT, SYNTAX, "SyntaxError: Illegal return statement"),
    "with in esm": (
        {"index.mjs": "with (x) {}" + ESM}, "index.handler", ALL, Sort.DIALECT, SYNTAX,
        "SyntaxError: Strict mode code may not include a with statement",
    ),
    "octal in esm": (
        {"index.mjs": "f(010);" + ESM}, "index.handler", ALL, Sort.DIALECT,
        SYNTAX, "SyntaxError: Octal literals are not allowed in strict mode.",
    ),
    "html": ({"index.js": "<!DOCTYPE html>"}, "index.handler", ALL, Sort.SYNTAX, SYNTAX, "SyntaxError: Unexpected token '<'"),
    "jsx": ({"index.js": HANDLER + "f(<div/>)"}, "index.handler", ALL, Sort.SYNTAX, SYNTAX, "SyntaxError: Unexpected token '<'"),
    "merge marks": (
        {"index.js": "<<<<<<< a\n=======\n>>>>>>> b"}, "index.handler", ALL, Sort.SYNTAX,
        SYNTAX, "SyntaxError: Unexpected token '<<'",
    ),
    "merge marks later": (
        {"index.js": HANDLER + "<<<<<<< a\nx();\n=======\n>>>>>>> b\n"}, "index.handler", ALL, Sort.SYNTAX, SYNTAX,
        "SyntaxError: Unexpected token '<<'",
    ),
    "prose": (
        {"index": "not js at all {{{"}, "index.handler", ("20", "22", "24"), Sort.SYNTAX,
        SYNTAX, "SyntaxError: Unexpected identifier 'js'",
    ),
    "cut off": (
        {"index.js": HANDLER + "function f() { if (/[}]/.test(`${'}'}`)) {"}, "index.handler", ALL, Sort.SYNTAX, SYNTAX,
        "SyntaxError: Unexpected end of input",
    ),
    "one brace too many": ({"index.js": HANDLER + "}"}, "index.handler", ALL, Sort.SYNTAX, SYNTAX, "SyntaxError: Unexpected token '}'"),
    "utf-16": (
        {"index.js": HANDLER.encode("utf-16")}, "index.handler", ALL, Sort.SYNTAX,
        SYNTAX, "SyntaxError: Invalid or unexpected token",
    ),
    "twice": (
        {"index.js": "const a = 1;\nlet a;"}, "index.handler", ALL, Sort.SYNTAX,
        SYNTAX, "SyntaxError: Identifier 'a' has already been declared",
    ),
    "the wrapper's name": (
        {"index.js": "const require = 1;" + HANDLER}, "index.handler", ALL, Sort.SYNTAX,
        SYNTAX, "SyntaxError: Identifier 'require' has already been declared",
    ),
    "exported twice": (
        {"index.mjs": ESM + "export { handler };"}, "index.handler", ALL, Sort.SYNTAX,
        SYNTAX, "SyntaxError: Duplicate export of 'handler'",
    ),
    "undeclared export": (
        {"index.mjs": "export { handler };"}, "index.handler", ALL, Sort.SYNTAX,
        SYNTAX, "SyntaxError: Export 'handler' is not defined in module",
    ),
    "using": (
        {"index.mjs": "export const handler = () => { using x = f(); }"}, "index.handler", ("20", "22"), Sort.SYNTAX, SYNTAX,
        "SyntaxError: Unexpected identifier 'x'",
    ),
    "assert": (
        {"index.mjs": "import d from './d.json' assert { type: 'json' };\n" + ESM, "d.json": "{}"}, "index.handler", ("22", "24"),
        Sort.SYNTAX, SYNTAX, "SyntaxError: Unexpected identifier 'assert'",
    ),
    "package.json": (
        {"index.js": HANDLER, "package.json": "{ broken"}, "index.handler", ("20",), Sort.MANIFEST, SYNTAX,
        "SyntaxError: Error parsing /var/task/package.json: Expected property name or '}' in JSON at position 2",
    ),
    "newer package.json": (
        {"index.js": HANDLER, "package.json": '{"a": "b",}'}, "index.handler", ("22", "24"), Sort.MANIFEST, "Error",
        "Invalid package config /var/task/package.json.",
    ),
    "package.json of a dependency": (
        {"index.js": "require('p')", "node_modules/p/index.js": "", "node_modules/p/package.json": ""}, "index.handler", ("18", "20"),
        Sort.MANIFEST, SYNTAX, "SyntaxError: Error parsing /var/task/node_modules/p/package.json: Unexpected end of JSON input",
    ),
    "broken json": (
        {"index.js": "require('./d')", "d.json": '{"a": 1 "b": 2}'}, "index.handler", ("22", "24"), Sort.SYNTAX, SYNTAX,
        "SyntaxError: /var/task/d.json: Expected ',' or '}' after property value in JSON at position 8 (line 1 column 9)",
    ),
    "package": ({"index.js": "require('nope');" + HANDLER}, "index.handler", ALL, Sort.IMPORT, IMPORT, "Error: Cannot find module 'nope'"),
    "package of a package": (
        {"index.js": "require('p');" + HANDLER, "node_modules/p/index.js": "require('q/r')"}, "index.handler", ALL, Sort.IMPORT, IMPORT,
        "Error: Cannot find module 'q/r'",
    ),
    "imported package": (
        {"index.mjs": "import a from '@a/b/c.js';" + ESM}, "index.handler", ALL, Sort.IMPORT, "Error",
        "Cannot find package '@a/b' imported from /var/task/index.mjs",
    ),
    "file": ({"index.js": "require('./nope');" + HANDLER}, "index.handler", ALL, Sort.IMPORT, IMPORT, "Error: Cannot find module './nope'"),
    "import without suffix": (
        {"index.mjs": "import './lib/a';" + ESM, "lib/a.mjs": ""}, "index.handler", ALL, Sort.IMPORT, "Error",
        "Cannot find module '/var/task/lib/a' imported from /var/task/index.mjs",
    ),
    "import of a folder": (
        {"index.mjs": "import './lib/';" + ESM, "lib/index.js": ""}, "index.handler", ALL, Sort.IMPORT, "Error",
        "Directory import '/var/task/lib/' is not supported resolving ES modules imported from /var/task/index.mjs",
    ),
    "main gone": (
        {"index.js": "require('p')", "node_modules/p/package.json": '{"main": "lib/i.js"}'}, "index.handler", ALL, Sort.IMPORT, IMPORT,
        "Error: Cannot find module '/var/task/node_modules/p/lib/i.js'. Please verify that the package.json has a valid \"main\" entry",
    ),
    "imported main gone": (
        {"index.mjs": "import 'p'", "node_modules/p/package.json": '{"main": "lib/i.js"}'}, "index.handler", ("20", "22", "24"),
        Sort.IMPORT, "Error", "Cannot find package '/var/task/node_modules/p/lib/i.js' imported from /var/task/index.mjs",
    ),
    "subpath blocked": (
        {"index.js": "require('p/x')", "node_modules/p/package.json": '{"exports": {".": "./i.js", "./x": null}}'}, "index.handler", ALL,
        Sort.IMPORT, "Error", "Package subpath './x' is not defined by \"exports\" in /var/task/node_modules/p/package.json",
    ),
    "no main for require": (
        {"index.js": "require('p')", "node_modules/p/package.json": '{"exports": {"import": "./i.mjs"}}'}, "index.handler", ALL,
        Sort.IMPORT, "Error", 'No "exports" main defined in /var/task/node_modules/p/package.json',
    ),
    "no such import": (
        {"index.js": "require('#x')", "package.json": '{"imports": {"#y": "./y.js"}}'}, "index.handler", ALL, Sort.IMPORT, "TypeError",
        'Package import specifier "#x" is not defined in package /var/task/package.json imported from /var/task/index.js',
    ),
    "no such core module": (
        {"index.js": "require('node:nope')"}, "index.handler", ALL, Sort.IMPORT,
        "Error", "No such built-in module: node:nope",
    ),
    "sqlite": (
        {"index.mjs": "import 'node:sqlite';" + ESM}, "index.handler", ("18", "20"), Sort.IMPORT,
        "Error", "No such built-in module: node:sqlite",
    ),
    "no such export": (
        {"index.mjs": "import { b } from './a.mjs';" + ESM, "a.mjs": "export const a = 1"}, "index.handler", ALL, Sort.IMPORT, SYNTAX,
        "SyntaxError: The requested module './a.mjs' does not provide an export named 'b'",
    ),
    "no such name in commonjs": (
        {"index.mjs": "import { b } from './a.cjs';" + ESM, "a.cjs": "exports.a = 1"}, "index.handler", ALL, Sort.IMPORT, SYNTAX,
        NO_NAME,
    ),
}  # fmt: skip


@pytest.mark.parametrize("version", ALL)
@pytest.mark.parametrize("name", GOOD)
def test_what_runs_has_no_fault(sight: Sight, name: str, version: str) -> None:
    tree, handler = GOOD[name]
    found = sight.judge(sight.filesystem(tree), f"nodejs{version}.x", handler)
    assert not texts(found)
    assert not found.unsure
    assert found.loaded


@pytest.mark.parametrize(("name", "version"), [(name, version) for name, row in BAD.items() for version in row[2]])
def test_what_fails_says_so_as_the_runtime_does(sight: Sight, name: str, version: str) -> None:
    tree, handler, _, sort, code, text = BAD[name]
    found = sight.judge(sight.filesystem(tree), f"nodejs{version}.x", handler)
    said = [(fault.sort, fault.hit.severity, aws(fault)) for fault in found.faults]
    assert (sort, None, (code, text)) in said


@pytest.mark.parametrize("version", ALL)
@pytest.mark.parametrize(
    ("name", "works"),
    [
        ("callback", ("18", "20", "22")),
        ("folder beside the file", ("18", "20", "22")),
        ("hash in the name", ("18", "20", "22")),
        ("default of commonjs", ("18", "20", "22")),
        ("class with a static", ("18", "20", "22")),
        ("default object", ("24",)),
        ("using", ("24",)),
        ("assert", ("18", "20")),
        ("sqlite", ("22", "24")),
    ],
)
def test_what_a_version_brings_or_breaks(sight: Sight, name: str, works: tuple[str, ...], version: str) -> None:
    found = sight.judge(sight.filesystem(BAD[name][0]), f"nodejs{version}.x", BAD[name][1])
    assert bool(found.faults) is (version not in works)


def test_the_nearest_file_is_named(sight: Sight) -> None:
    fault = only(sight.judge(sight.filesystem({"dist/index.js": HANDLER}), "nodejs22.x", "index.handler"))
    assert fault.hit.message == "there is no index.js, index.mjs or index.cjs; found dist/index.js, which exports handler"
    assert fault.hit.fix == "set the handler to dist/index.handler\nor zip what is in dist, not dist itself"
    assert fault.hit.setting == "Handler"
    assert paths(fault) == ["dist/index.js"]


def test_the_nearest_name_is_named(sight: Sight) -> None:
    tree = {"index.js": "exports.handle = () => 1; exports.other = () => 1;"}
    fault = only(sight.judge(sight.filesystem(tree), "nodejs22.x", "index.handler"))
    assert fault.hit.message == "index.js does not export handler; it exports handle, other"
    assert fault.hit.fix == "set the handler to index.handle, or export handler"


def test_a_link_that_leads_nowhere_is_the_cause(sight: Sight) -> None:
    tree = {"index.js": "require('uuid');" + HANDLER}
    fault = only(sight.judge(sight.filesystem(tree, links={"node_modules/uuid": "/Users/me/uuid"}), "nodejs20.x", "index.handler"))
    assert paths(fault) == ["node_modules/uuid", "index.js"]
    assert fault.hit.severity is None
    assert "is a link to /Users/me/uuid" in fault.hit.message


def test_pnpm_links_are_followed_as_node_does(sight: Sight) -> None:
    store = "node_modules/.pnpm"
    tree = {
        "index.js": "require('a');" + HANDLER,
        f"{store}/a@1/node_modules/a/index.js": "require('b')",
        f"{store}/b@1/node_modules/b/index.js": "",
    }
    links = {"node_modules/a": ".pnpm/a@1/node_modules/a", f"{store}/a@1/node_modules/b": "../../b@1/node_modules/b"}
    found = sight.judge(sight.filesystem(tree, links=links), "nodejs20.x", "index.handler")
    assert not texts(found)
    assert [node.path.rpartition("/")[2] for node in found.loaded] == ["index.js", "index.js", "index.js"]


def test_a_layer_may_have_the_package(sight: Sight) -> None:
    tree = {"index.js": "require('uuid');" + HANDLER}
    layer = {"nodejs/node_modules/uuid/index.js": ""}
    assert not texts(sight.judge(sight.filesystem(tree, layers=[layer]), "nodejs20.x", "index.handler"))
    wrong = {"node_modules/uuid/package.json": "{}", "node_modules/uuid/index.js": ""}
    fault = only(sight.judge(sight.filesystem(tree, layers=[wrong]), "nodejs20.x", "index.handler"))
    assert paths(fault)[0] == "node_modules/uuid/package.json"
    assert fault.hit.severity is None


def test_an_unknown_layer_makes_it_unsure(sight: Sight) -> None:
    arn = "arn:aws:lambda:eu-west-1:123456789012:layer:deps:7"
    found = sight.judge(sight.filesystem({"index.js": "require('nope');" + HANDLER}, arns=[arn]), "nodejs20.x", "index.handler")
    assert not found.faults
    assert unsure(found) == [(Sort.IMPORT, f"the content of {arn}")]
    found = sight.judge(sight.filesystem({"x.js": ""}, arns=[arn]), "nodejs20.x", "index.handler")
    assert not found.faults
    assert (Sort.MODULE, f"the content of {arn}") in unsure(found)


def test_a_wrapper_makes_it_unsure(sight: Sight) -> None:
    variables = {EXEC_WRAPPER: "/opt/bootstrap"}
    for handler in ("run.sh", "index.handler"):
        filesystem = sight.filesystem({"run.sh": "node server.js"}, layers=[{"bootstrap": "#!/bin/sh\n"}])
        found = sight.judge(filesystem, "nodejs20.x", handler, variables)
        assert not found.faults
        assert Sort.MODULE in dict(found.unsure)


def test_node_options_may_allow_it(sight: Sight) -> None:
    tree = {"index.js": "require('./a.mjs');" + HANDLER, "a.mjs": "export const a = 1"}
    assert texts(sight.judge(sight.filesystem(tree), "nodejs22.x", "index.handler"))
    options = {"NODE_OPTIONS": "--experimental-require-module"}
    assert not texts(sight.judge(sight.filesystem(tree), "nodejs22.x", "index.handler", options))


def test_hooks_make_a_fault_a_warning(sight: Sight) -> None:
    tree = {"index.js": "require('nope');" + HANDLER}
    options = {"NODE_OPTIONS": "--require /opt/tracer.js"}
    assert only(sight.judge(sight.filesystem(tree), "nodejs22.x", "index.handler", options)).hit.severity is Severity.WARNING
    tree = {"index.js": "require('./hook'); require('nope');" + HANDLER, "hook.js": "require('module')._resolveFilename = 1"}
    found = sight.judge(sight.filesystem(tree), "nodejs22.x", "index.handler")
    assert [fault.hit.severity for fault in found.faults] == [Severity.WARNING]


def test_node_path_of_the_function_replaces_the_runtime_s(sight: Sight) -> None:
    tree = {"index.js": "require('nope');" + HANDLER, "lib/nope.js": ""}
    assert not texts(sight.judge(sight.filesystem(tree), "nodejs22.x", "index.handler", {"NODE_PATH": "/var/task/lib"}))
    assert texts(sight.judge(sight.filesystem(tree), "nodejs22.x", "index.handler"))


def test_a_missing_module_in_a_function_is_a_warning_of_invoke(sight: Sight) -> None:
    tree = {"index.js": "exports.handler = async () => require('nope')"}
    fault = only(sight.judge(sight.filesystem(tree), "nodejs22.x", "index.handler"))
    assert (fault.hit.severity, fault.hit.phase) == (Severity.WARNING, Phase.INVOKE)


def test_the_sdk_is_there_and_its_parts_may_be(sight: Sight) -> None:
    for name, severities in (("@aws-sdk/client-s3", []), ("@smithy/types", []), ("tslib", [Severity.WARNING]), ("aws-sdk", [None])):
        found = sight.judge(sight.filesystem({"index.js": f"require('{name}');" + HANDLER}), "nodejs22.x", "index.handler")
        assert [fault.hit.severity for fault in found.faults] == severities
    assert not texts(sight.judge(sight.filesystem({"index.js": "require('aws-sdk');" + HANDLER}), "nodejs16.x", "index.handler"))


def test_package_json_tells_why_a_package_is_missing(sight: Sight) -> None:
    tree = {"index.js": "require('nope');" + HANDLER, "package.json": '{"devDependencies": {"nope": "1"}}'}
    fault = only(sight.judge(sight.filesystem(tree), "nodejs22.x", "index.handler"))
    assert "package.json lists it under devDependencies" in fault.hit.message
    assert fault.hit.fix is not None
    assert "--save-prod nope" in fault.hit.fix


def test_webpack_without_exports_is_a_warning(sight: Sight) -> None:
    tree = {"index.js": "/* webpackBootstrap */ (() => { var e = 1; })();"}
    assert only(sight.judge(sight.filesystem(tree), "nodejs22.x", "index.handler")).hit.severity is Severity.WARNING


def test_what_ends_at_the_top_level_is_silent(sight: Sight) -> None:
    for code in ("throw 'boom';", "process.exit(1);", "throw new Error(1); require('nope')"):
        assert not texts(sight.judge(sight.filesystem({"index.js": code}), "nodejs22.x", "index.handler"))


def test_an_unknown_node_is_warned_of_only(sight: Sight) -> None:
    assert only(sight.judge(sight.filesystem({"index.js": ESM}), "nodejs26.x", "index.handler")).hit.severity is Severity.WARNING
    assert not texts(sight.judge(sight.filesystem({"index.js": "require('node:new');" + HANDLER}), "nodejs26.x", "index.handler"))


@pytest.mark.parametrize("handler", ["handler", "nope"])
@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("index.js", "module.exports = x(y);\n// Annotate the CommonJS export names\n0 && (module.exports = {\n  handler,\n});\n"),
        ("index.js", ";module.exports=x(y);0&&(module.exports={handler});\n//# sourceMappingURL=index.js.map\n"),
        ("index.mjs", "export {\n  a as handler\n};\n"),
        ("index.mjs", "var a=1;export{a as handler};\n"),
    ],
)
def test_a_large_bundle_is_read_by_its_end(sight: Sight, name: str, end: str, handler: str) -> None:
    tree = {name: "var padding = function () { return 1 };\n" * 20_000 + end}
    found = sight.judge(sight.filesystem(tree), "nodejs22.x", f"index.{handler}")
    assert bool(found.faults) is (handler == "nope")


def test_a_large_bundle_without_such_an_end_is_silent(sight: Sight) -> None:
    tree = {"index.js": "var padding = function () { return 1 };\n" * 20_000}
    assert not texts(sight.judge(sight.filesystem(tree), "nodejs22.x", "index.handler"))


@pytest.mark.parametrize(
    "text",
    [
        "(" * 200_000,
        "exports.a=1;" * 30_000,
        "`${" * 50_000,
        "/* */ " * 50_000 + "@",
        "const {" + "a:{" * 20_000 + "}" * 20_000 + "}=x;",
        "x;" * 70_000 + "0&&(module.exports={});" + "/" * 60_000 + "\nx",
        "<a>" * 50_000,
    ],
)
def test_hostile_sources_end_soon(sight: Sight, text: str) -> None:
    sight.judge(sight.filesystem({"index.js": text}), "nodejs20.x", "index.handler")


def test_the_recorded_verdicts(sight: Sight) -> None:
    folder = Path(os.environ.get("LAMBDALINT_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus") / "handlers"
    if not (folder / "node.json").exists():
        pytest.skip("the corpus is not here")
    from lambdalint.filesystem import TASK, Filesystem
    from lambdalint.readers import open_package

    for row in json.loads((folder / "node.json").read_text()):
        filesystem = Filesystem([(TASK, open_package(str(folder / row["package"])))])
        found = sight.judge(filesystem, row["runtime"], row["handler"])
        errors = [fault for fault in found.faults if fault.hit.severity in (None, Severity.ERROR)]
        if row["expect"]["ok"] or row.get("static") in ("silent", "warning"):
            assert not errors, row
        elif row.get("static") == "error" and "EACCES" not in row["expect"]["message"]:  # modes are another rule's
            expected = (row["expect"]["error_type"], row["expect"]["message"].partition("\n")[0])
            assert expected in [aws(fault) for fault in errors], row
