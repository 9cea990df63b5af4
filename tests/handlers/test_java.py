"""Java handlers, judged on classes that javac made; see fixtures/binaries/java."""

import io
import json
import os
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from lambdalint.handlers import Resolution, Sort
from lambdalint.model import Phase, Severity
from tests.handlers.sight import Sight, only, paths, texts, unsure

ROOT = Path(__file__).parents[2]
CORPUS = Path(os.environ.get("LAMBDALINT_CORPUS", ROOT.parent / "shared")) / "corpus/handlers"
with zipfile.ZipFile(ROOT / "fixtures/binaries/java/handlers.jar") as _archive:
    CLASSES = {name: _archive.read(name) for name in _archive.namelist() if name.endswith(".class")}
GONE = {name for name in CLASSES if name.startswith("base/Gone")}
METHODS = "example/Methods.class"
NO_METHOD = "No public method named {} with appropriate method signature found on class {}"
NO_CONSTRUCTOR = "Class {} has no public zero-argument constructor"
LOADER = "com.amazonaws.services.lambda.runtime.api.client.EventHandlerLoader"


def jar(members: Mapping[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packing) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def manifest(line: str) -> dict[str, bytes]:
    return {"META-INF/MANIFEST.MF": f"Manifest-Version: 1.0\r\n{line}\r\n\r\n".encode()}


def versioned(name: str, major: int, minor: int = 0) -> bytes:
    return CLASSES[name][:4] + struct.pack(">HH", minor, major) + CLASSES[name][8:]


def judge(
    sight: Sight, tree: Mapping[str, bytes], handler: str, runtime: str = "java17", variables: Mapping[str, str] | None = None
) -> Resolution:
    return sight.judge(sight.filesystem(tree), runtime, handler, variables)


@pytest.mark.parametrize(
    "method",
    [
        "none", "event", "primitive", "context", "eventContext", "input", "output", "inputOutput", "inputContext",
        "outputContext", "inputOutputContext", "fileContext", "isStatic", "generic", "overloaded", "toString", "wait",
    ],
)  # fmt: skip
def test_methods_that_the_runtime_calls(sight: Sight, method: str) -> None:
    resolution = judge(sight, CLASSES, f"example.Methods::{method}")
    assert texts(resolution) == []
    assert resolution.loaded[0].path == "/var/task/example/Methods.class"


@pytest.mark.parametrize(
    "method",
    [
        "outputInput", "inputString", "contextString", "twoContexts", "twoStrings", "three", "four", "genericStreams",
        "genericContext", "isProtected", "isPackagePrivate", "isPrivate", "nope", "Event", "<init>",
    ],
)  # fmt: skip
def test_methods_that_it_does_not_call(sight: Sight, method: str) -> None:
    fault = only(judge(sight, CLASSES, f"example.Methods::{method}"))
    assert fault.hit.aws is not None
    assert fault.hit.aws.message == NO_METHOD.format(method, "example.Methods")
    assert fault.hit.aws.code is None
    assert fault.hit.phase is Phase.INVOKE
    missing = method in ("nope", "Event", "<init>")
    assert fault.sort is (Sort.MEMBER if missing else Sort.SIGNATURE)


def test_the_nearest_method_is_named_first(sight: Sight) -> None:
    fix = only(judge(sight, CLASSES, "example.Methods::Event")).hit.fix
    assert fix is not None
    assert fix.splitlines()[0] == "set the handler to example.Methods::event"


@pytest.mark.parametrize(
    "handler",
    [
        "Nested::m", "Child::m", "PackagePrivate::hashCode", "Abstract::s", "Arguments::s", "Interface::s", "Implements::m",
        "Enum::s", "Enum::valueOf", "LongerIsStatic::m", "Handler", "Handler::handleRequest", "Stream", "Bounded", "Closed",
        "ClosedAtLast", "Raw::handleRequest", "MyThread::run", "ExtendsBase", "UsesGone::m", "HandlesGone",
    ],
)  # fmt: skip
def test_classes_that_can_be_used(sight: Sight, handler: str) -> None:
    faults = judge(sight, CLASSES, f"example.Classes${handler}").faults
    assert [fault.hit.message for fault in faults] == [
        fault.hit.message for fault in faults if handler.startswith("PackagePrivate")
    ]


@pytest.mark.parametrize(
    ("handler", "code", "text"),
    [
        ("Inner::m", "java.lang.Exception", "Class {} cannot be instantiated because it is a non-static inner class"),
        ("PackagePrivate::m", "java.lang.Exception", NO_CONSTRUCTOR),
        (
            "PackagePrivate::s", "java.lang.IllegalAccessException",
            f'class {LOADER}$PojoMethodRequestHandler cannot access a member of class {{}} with modifiers "public static"',
        ),
        (
            "Hidden::m", "java.lang.IllegalAccessException",
            f'class {LOADER} cannot access a member of class {{}} with modifiers "public"',
        ),
        ("Abstract::m", "java.lang.InstantiationException", "java.lang.InstantiationException"),
        ("Arguments::m", "java.lang.Exception", NO_CONSTRUCTOR),
        ("PrivateConstructor::m", "java.lang.Exception", NO_CONSTRUCTOR),
        ("Interface::m", "java.lang.Exception", NO_CONSTRUCTOR),
        ("Enum::m", "java.lang.Exception", NO_CONSTRUCTOR),
        ("LongerIsNot::m", "java.lang.Exception", NO_CONSTRUCTOR),
        ("Nested", None, "Class does not implement an appropriate handler interface: {}"),
        ("MyThread", None, "Class does not implement an appropriate handler interface: {}"),
        ("Raw", None, "Class {} does not implement RequestHandler with concrete type parameters"),
        (
            "Open", None,
            "Class {} does not implement RequestHandler with concrete type parameters: parameter T has no upper bound.",
        ),
        (
            "StillOpen", None,
            "Class {} does not implement RequestHandler with concrete type parameters: parameter X has no upper bound.",
        ),
        ("ThroughOne", None, "Invalid class signature for RequestHandler. Expected two generic types, got 1"),
    ],
)  # fmt: skip
def test_classes_that_cannot_be_used(sight: Sight, handler: str, code: str | None, text: str) -> None:
    fault = only(judge(sight, CLASSES, f"example.Classes${handler}"))
    name = f"example.Classes${handler.partition('::')[0]}"
    assert fault.hit.aws is not None
    assert (fault.hit.aws.code, fault.hit.aws.message) == (code, text.format(name))
    assert fault.hit.severity is None


def test_java_8_words_it_otherwise(sight: Sight) -> None:
    tree = {name: versioned(name, 52) for name in CLASSES}
    aws = only(judge(sight, tree, "example.Classes$Hidden::m", "java8.al2")).hit.aws
    assert aws is not None
    assert aws.message.startswith(f"Class {LOADER} can not access")


@pytest.mark.parametrize(
    ("handler", "code", "text"),
    [
        ("TakesGone::m", "java.lang.NoClassDefFoundError", "Error loading method m on class {}"),
        ("ThrowsGone::m", "java.lang.NoClassDefFoundError", "Error loading method m on class {}"),
        ("ConstructorGone::m", "java.lang.NoClassDefFoundError", "base/Gone"),
        ("HandlesGone", "java.lang.TypeNotPresentException", "Type base.Gone not present"),
        ("ExtendsBase", "java.lang.NoClassDefFoundError", "Error loading class {}: base/Base"),
    ],
)
def test_classes_that_reflection_misses(sight: Sight, handler: str, code: str, text: str) -> None:
    tree = {name: content for name, content in CLASSES.items() if not name.startswith("base/")}
    fault = only(judge(sight, tree, f"example.Classes${handler}"))
    name = f"example.Classes${handler.partition('::')[0]}"
    assert fault.sort is Sort.IMPORT
    assert fault.hit.severity is None
    assert fault.hit.aws is not None
    assert (fault.hit.aws.code, fault.hit.aws.message) == (code, text.format(name))


def test_a_class_that_only_the_code_needs_is_a_warning(sight: Sight) -> None:
    tree = {name: content for name, content in CLASSES.items() if name not in GONE}
    assert texts(judge(sight, tree, "example.Classes$HidesGone::m")) == []
    fault = only(judge(sight, tree, "example.Classes$UsesGone::m"))
    assert (fault.sort, fault.hit.severity) == (Sort.IMPORT, Severity.WARNING)
    assert "base.Gone" in fault.hit.message


@pytest.mark.parametrize(
    "handler", ["example.Methods::event", "example.Classes$ExtendsBase", "example.Classes$UsesGone::m", "example.Nope::x"]
)
def test_a_layer_that_is_not_known_may_have_it(sight: Sight, handler: str) -> None:
    tree = {name: content for name, content in CLASSES.items() if name != METHODS and not name.startswith("base/")}
    resolution = sight.judge(sight.filesystem(tree, arns=["arn:aws:lambda:::layer:x:1"]), "java17", handler)
    assert resolution.faults == ()
    assert [what for _, what in unsure(resolution)] == ["the content of arn:aws:lambda:::layer:x:1"]


def test_a_wrapper_or_an_option_may_change_it(sight: Sight) -> None:
    wrapper = judge(sight, CLASSES, "example.Nope::x", variables={"AWS_LAMBDA_EXEC_WRAPPER": "/opt/handler"})
    assert unsure(wrapper) == [(Sort.MODULE, "what the script in AWS_LAMBDA_EXEC_WRAPPER does")]
    agent = judge(sight, CLASSES, "example.Nope::x", variables={"JAVA_TOOL_OPTIONS": "-javaagent:/opt/secret.jar"})
    assert unsure(agent) == [(Sort.MODULE, "what JAVA_TOOL_OPTIONS adds to the class path")]
    tuned = judge(sight, CLASSES, "example.Nope::x", variables={"JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1"})
    assert len(tuned.faults) == 1


ONE = {METHODS: CLASSES[METHODS]}


@pytest.mark.parametrize(
    "tree",
    [
        {"lib/a.jar": jar(ONE)},
        {"lib/a.jar": jar(ONE, zipfile.ZIP_STORED)},
        {"lib/a.jar": b"#!/bin/sh\n" + jar(ONE)},
        {"lib/a.jar": jar({METHODS: b""}) + b"x", "lib/b.jar": b"no jar", METHODS: ONE[METHODS]},
        {"lib/a.jar": b"no jar", "lib/b.jar": jar(ONE)},
        {"lib/a.jar": jar(manifest("Class-Path: ../more/b.jar nope.jar")), "more/b.jar": jar(ONE)},
        {"lib/a.jar": jar({f"{number}": b"" for number in range(66_000)} | ONE)},
        {"lib/a.jar": jar({**manifest("Multi-Release: true"), f"META-INF/versions/11/{METHODS}": ONE[METHODS]})},
        {**ONE, **manifest("Multi-Release: true"), f"META-INF/versions/17/{METHODS}": b"not read at the root"},
        {**ONE, f"META-INF/versions/21/{METHODS}": versioned(METHODS, 65), "module-info.class": b"never read"},
    ],
)
def test_where_classes_are_found(sight: Sight, tree: Mapping[str, bytes]) -> None:
    assert texts(judge(sight, tree, "example.Methods::event")) == []


def test_a_layer_comes_last(sight: Sight) -> None:
    layer = {"java/lib/a.jar": jar(ONE)}
    assert texts(sight.judge(sight.filesystem({"x": b""}, layers=[layer]), "java17", "example.Methods::event")) == []
    old = {"lib/z.jar": jar({METHODS: versioned(METHODS, 99)})}
    assert only(sight.judge(sight.filesystem(old, layers=[layer]), "java17", "example.Methods::event")).sort is Sort.VERSION


@pytest.mark.parametrize(
    ("tree", "words"),
    [
        ({}, "no class file at all"),
        ({"a.jar": jar(ONE)}, "the class example.Methods is in a.jar, the runtime takes jars from lib/ only"),
        ({"lib/a.JAR": jar(ONE)}, "is in lib/a.JAR"),
        ({"lib/sub/a.jar": jar(ONE)}, "is in lib/sub/a.jar"),
        ({"BOOT-INF/lib/a.jar": jar(ONE)}, "is in BOOT-INF/lib/a.jar"),
        ({f"BOOT-INF/classes/{METHODS}": ONE[METHODS]}, "is in BOOT-INF/classes/"),
        ({f"fn/{METHODS}": ONE[METHODS]}, "is in fn/"),
        ({"lib/a.jar": jar({f"BOOT-INF/classes/{METHODS}": ONE[METHODS]})}, "holds BOOT-INF/classes/example/Methods.class"),
        ({"src/main/java/example/Methods.java": b"class Methods {}"}, "is source, which the runtime does not compile"),
        ({"lib/a.jar": b"no jar"}, "lib/a.jar is no jar that Java can open"),
        ({"lib/a.jar": jar({"other/Methods.class": ONE[METHODS]})}, "found other.Methods"),
        ({"com/MyHandler.class": b""}, "found com.MyHandler"),
    ],
)
def test_why_a_class_is_not_found(sight: Sight, tree: Mapping[str, bytes], words: str) -> None:
    fault = only(judge(sight, tree, "example.Methods::event"))
    assert fault.sort is Sort.MODULE
    assert words in fault.hit.message
    assert fault.hit.setting == "Handler"
    assert fault.hit.aws is not None
    assert fault.hit.aws.message == "Class not found: example.Methods"
    assert fault.hit.aws.code == "java.lang.ClassNotFoundException"


@pytest.mark.parametrize(
    ("handler", "fix"),
    [
        ("example.methods::event", "set the handler to example.Methods::event"),
        ("Methods::event", "set the handler to example.Methods::event"),
        ("example/Methods::event", "set the handler to example.Methods::event"),
        ("example.Methods:event", "set the handler to example.Methods::event"),
        ("example.Methods.event", "set the handler to example.Methods::event"),
        ("example.Methods.class::event", "set the handler to example.Methods::event"),
        ("example.Classes.Handler", "set the handler to example.Classes$Handler"),
    ],
)
def test_handlers_that_were_meant_otherwise(sight: Sight, handler: str, fix: str | None) -> None:
    fault = only(judge(sight, CLASSES, handler))
    assert fault.sort is Sort.MODULE
    assert fault.hit.fix == fix


def test_kotlin_functions_are_in_a_class_of_their_file(sight: Sight) -> None:
    renamed = CLASSES[METHODS].replace(b"\x00\x0fexample/Methods", b"\x00\x11example/MethodsKt")
    fault = only(judge(sight, {"example/MethodsKt.class": renamed}, "example.Methods::isStatic"))
    assert fault.hit.fix == "set the handler to example.MethodsKt::isStatic"


@pytest.mark.parametrize(("handler", "words"), [("::event", "no class"), ("example.Methods::", "no method"), ("::", "no")])
def test_handlers_without_a_part(sight: Sight, handler: str, words: str) -> None:
    fault = only(judge(sight, CLASSES, handler))
    assert fault.sort is Sort.FORM
    assert words in fault.hit.message
    assert fault.hit.aws is not None
    assert fault.hit.aws.message == f"Invalid handler: `{handler}'"


@pytest.mark.parametrize("handler", ["java.lang.String::valueOf", "[Lexample.Methods;", "com.sun.X::y"])
def test_classes_of_the_runtime_are_not_judged(sight: Sight, handler: str) -> None:
    resolution = judge(sight, CLASSES, handler)
    assert (resolution.faults, resolution.unsure) == ((), ())


@pytest.mark.parametrize(
    ("content", "runtime", "code", "words"),
    [
        (versioned(METHODS, 65), "java17", "UnsupportedClassVersionError", "compiled for Java 21 (class file version 65)"),
        (versioned(METHODS, 55), "java8.al2", "UnsupportedClassVersionError", "the runtime has Java 8"),
        (versioned(METHODS, 61, 0xFFFF), "java17", "UnsupportedClassVersionError", "preview features of Java 17"),
        (versioned(METHODS, 61, 0xFFFF), "java21", "UnsupportedClassVersionError", "preview features of Java 17"),
        (b"PK\3\4" + CLASSES[METHODS][4:], "java17", "ClassFormatError", "no class file"),
        (CLASSES[METHODS][:-40], "java17", "ClassFormatError", "no class file"),
        (CLASSES[METHODS] + b"x", "java17", "ClassFormatError", "no class file"),
        (b"", "java17", "ClassFormatError", "no class file"),
    ],
)
def test_class_files_that_are_refused_at_init(sight: Sight, content: bytes, runtime: str, code: str, words: str) -> None:
    fault = only(judge(sight, {METHODS: content}, "example.Methods::event", runtime))
    assert words in fault.hit.message
    assert fault.hit.phase is Phase.INIT
    assert fault.hit.aws is not None
    assert fault.hit.aws.code == f"java.lang.{code}"
    assert fault.hit.aws.message.startswith("Error loading class example.Methods: ")
    assert paths(fault) == [METHODS]


def test_preview_features_can_be_allowed(sight: Sight) -> None:
    options = {"JAVA_TOOL_OPTIONS": "--enable-preview"}
    assert texts(judge(sight, {METHODS: versioned(METHODS, 61, 0xFFFF)}, "example.Methods::event", "java17", options)) == []


def test_every_newest_version_fits_its_runtime(sight: Sight) -> None:
    for runtime, major in {"java8.al2": 52, "java11": 55, "java17": 61, "java21": 65, "java25": 69}.items():
        fits, newer = ({METHODS: versioned(METHODS, number)} for number in (major, major + 1))
        assert texts(judge(sight, fits, "example.Methods::event", runtime)) == []
        assert only(judge(sight, newer, "example.Methods::event", runtime)).sort is Sort.VERSION


def test_a_parent_may_be_too_new_as_well(sight: Sight) -> None:
    tree = CLASSES | {"base/Base.class": versioned("base/Base.class", 65)}
    fault = only(judge(sight, tree, "example.Classes$ExtendsBase"))
    assert paths(fault) == ["base/Base.class"]
    user = CLASSES | {"base/Gone.class": versioned("base/Gone.class", 65)}
    fault = only(judge(sight, user, "example.Classes$UsesGone::m"))
    assert (fault.sort, fault.hit.severity) == (Sort.VERSION, Severity.WARNING)


def test_a_class_in_the_wrong_folder_has_the_wrong_name(sight: Sight) -> None:
    fault = only(judge(sight, {"Methods.class": ONE[METHODS]}, "Methods::event"))
    assert fault.hit.aws is not None
    assert fault.hit.aws.message == "Error loading class Methods: Methods (wrong name: example/Methods)"


def test_unknown_constants_leave_a_doubt(sight: Sight) -> None:
    content = bytearray(ONE[METHODS])
    content[10] = 99  # the tag of the first constant
    resolution = judge(sight, {METHODS: bytes(content)}, "example.Methods::event")
    assert resolution.faults == ()
    assert len(resolution.unsure) == 1


@pytest.mark.parametrize(("path", "mode"), [(METHODS, 0o600), ("lib/a.jar", 0o640)])
def test_files_that_the_runtime_may_not_read(sight: Sight, tmp_path: Path, path: str, mode: int) -> None:
    from lambdalint.aws.runtimes import RUNTIMES
    from lambdalint.filesystem import TASK, Filesystem
    from lambdalint.function import Environment, Handler
    from lambdalint.handlers import resolve
    from lambdalint.readers import open_package

    target = tmp_path / "modes.zip"
    with zipfile.ZipFile(target, "w") as archive:
        info = zipfile.ZipInfo(path)
        info.external_attr = (0o100000 | mode) << 16
        archive.writestr(info, jar(ONE) if path.endswith(".jar") else ONE[METHODS])
    filesystem = Filesystem([(TASK, open_package(str(target)))])
    resolution = resolve(filesystem, Handler("example.Methods::event"), RUNTIMES["java17"], Environment({}))
    assert f"{path} has mode {mode:04o}" in only(resolution).hit.message
    assert [node.path for node in resolution.loaded] == [f"{TASK}/{path}"]


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not here")
def test_the_corpus(sight: Sight) -> None:
    for row in json.loads((CORPUS / "java.json").read_text()):
        with zipfile.ZipFile(CORPUS / row["package"]) as archive:
            tree = {info.filename: archive.read(info) for info in archive.infolist()}
        if "mode_" in row["package"]:
            continue  # this zip is written anew, with other modes
        resolution = judge(sight, tree, row["handler"], row["runtime"])
        errors = [fault for fault in resolution.faults if fault.hit.severity in (None, Severity.ERROR)]
        assert bool(errors) == (row["static"] == "error"), row
        for fault in errors:
            assert fault.hit.aws is not None
            assert fault.hit.aws.message == row["expect"]["message"]
            assert row["expect"]["error_type"] in (None, fault.hit.aws.code)
