""".NET handlers, judged on assemblies that a C# compiler made; see fixtures/binaries/dotnet."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from lambdalint.handlers import Resolution, Sort
from lambdalint.handlers.dotnet_metadata import BadAssembly
from lambdalint.handlers.dotnet_types import Library
from lambdalint.model import Lacking, Phase, Severity
from tests.handlers.sight import Sight, only, paths, texts, unsure

FOLDER = Path(__file__).parents[2] / "fixtures/binaries/dotnet"
FUNCTION = (FOLDER / "MyFunction.dll").read_bytes()
BASE = (FOLDER / "Base.dll").read_bytes()
PROGRAM = (FOLDER / "Program.dll").read_bytes()
HANDLER = "MyFunction::MyFunction.Function::FunctionHandler"


def deps(*names: str, package: str = "MyFunction") -> bytes:
    runtime: dict[str, object] = {name: {} for name in names}
    return json.dumps({"targets": {".NETCoreApp,Version=v8.0": {f"{package}/1.0.0": {"runtime": runtime}}}}).encode()


def config(version: str = "8.0.0", name: str = "Microsoft.NETCore.App", **options: object) -> bytes:
    return json.dumps({"runtimeOptions": {"framework": {"name": name, "version": version}, **options}}).encode()


TREE: Mapping[str, bytes] = {
    "MyFunction.dll": FUNCTION,
    "Base.dll": BASE,
    "MyFunction.deps.json": deps("MyFunction.dll", "lib/net8.0/Base.dll"),
    "MyFunction.runtimeconfig.json": config(),
}


def judge(
    sight: Sight, tree: Mapping[str, bytes], handler: str = HANDLER, runtime: str = "dotnet8", variables: Mapping[str, str] | None = None
) -> Resolution:
    return sight.judge(sight.filesystem(tree), runtime, handler, variables)


@pytest.mark.parametrize(
    "handler",
    [
        "Function::FunctionHandler", "Function::NoContext", "Function::Nothing", "Function::Static", "Function::Private",
        "Function::AsyncTask", "Function::Serialized", "Function::ToString", "Function+Nested::Handle", "Abstract::Static",
        "Derived::Handle", "Remote::Inherited", "Struct::Handle", "Enum::ToString",
    ],
)  # fmt: skip
def test_handlers_that_work(sight: Sight, handler: str) -> None:
    resolution = judge(sight, TREE, f"MyFunction::MyFunction.{handler}")
    assert (texts(resolution), unsure(resolution)) == ([], [])
    loaded = [node.path for node in resolution.loaded]
    assert loaded[:2] == ["/var/task/MyFunction.dll", "/var/task/MyFunction.deps.json"]
    assert ("/var/task/Base.dll" in loaded) == handler.startswith("Remote")


METHOD = "The method '{}' cannot be used as a Lambda Handler because it is "


@pytest.mark.parametrize(
    ("handler", "text"),
    [
        ("Function::AsyncVoid", METHOD.format("Void AsyncVoid(System.IO.Stream)") + "an 'async void' method."),
        ("Function::Generic", METHOD.format("T Generic[T](System.IO.Stream)") + "a generic method."),
        ("Function::Params", METHOD.format("Void Params(System.String[])") + "a 'params' method."),
        ("Function::Three", "Method 'Three' of type 'MyFunction.Function' is not supported: the method has more than 2"),
        ("Function::SecondString", "Method 'SecondString' of type 'MyFunction.Function' is not supported: the method has 2"),
        ("Function::Complex", "Method 'Complex' of type 'MyFunction.Function' is not supported: the method has 2"),
        ("Function::NoSerializer", "Could not find the LambdaSerializerAttribute on the assembly 'MyFunction' or method"),
        ("Function::Overloaded", "The method 'Overloaded' in type 'MyFunction.Function' appears to have a number of"),
        ("Function::Nope", "Unable to find method 'Nope' in type 'MyFunction.Function' from assembly 'MyFunction': Found"),
        ("Function::functionhandler", "Unable to find method 'functionhandler' in type 'MyFunction.Function' from"),
        ("Function::.ctor", "Unable to find method '.ctor' in type 'MyFunction.Function' from assembly 'MyFunction'"),
        ("Remote::Nope", "Unable to find method 'Nope' in type 'MyFunction.Remote' from assembly 'MyFunction': Found"),
        ("Abstract::NoBody", METHOD.format("System.IO.Stream NoBody(System.IO.Stream)") + "an abstract method."),
        ("Abstract::Handle", "The instance method 'System.IO.Stream Handle(System.IO.Stream)' cannot be used as a Lambda"),
        ("Generic`1::Handle", "The type 'MyFunction.Generic`1' cannot be used as a Lambda Handler type because it is generic."),
        ("Function.Nested::Handle", "Unable to load type 'MyFunction.Function.Nested' from assembly 'MyFunction'."),
        ("function::FunctionHandler", "Unable to load type 'MyFunction.function' from assembly 'MyFunction'."),
    ],
)  # fmt: skip
def test_handlers_that_do_not(sight: Sight, handler: str, text: str) -> None:
    fault = only(judge(sight, TREE, f"MyFunction::MyFunction.{handler}"))
    assert fault.hit.aws is not None
    assert fault.hit.aws.message.startswith(text)
    assert fault.hit.aws.code == "LambdaValidationException"
    assert (fault.hit.severity, fault.hit.phase, fault.hit.setting) == (None, Phase.INIT, "Handler")
    assert paths(fault) == ["MyFunction.dll"]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("Arguments", "Cannot dynamically create an instance of type '{}'. Reason: No parameterless constructor defined."),
        ("PrivateConstructor", "No parameterless constructor defined for type '{}'."),
    ],
)
def test_types_that_cannot_be_made(sight: Sight, kind: str, text: str) -> None:
    aws = only(judge(sight, TREE, f"MyFunction::MyFunction.{kind}::Handle")).hit.aws
    assert aws is not None
    assert (aws.code, aws.message) == ("MissingMethodException", text.format(f"MyFunction.{kind}"))


@pytest.mark.parametrize(
    ("handler", "fix"),
    [
        ("MyFunction::Function::FunctionHandler", f"set the handler to {HANDLER}"),
        ("MyFunction::MyFunction.Function/Nested::Handle", "set the handler to MyFunction::MyFunction.Function+Nested::Handle"),
        ("MyFunction.dll::MyFunction.Function::FunctionHandler", f"set the handler to {HANDLER}"),
    ],
)
def test_handlers_that_were_meant_otherwise(sight: Sight, handler: str, fix: str) -> None:
    assert only(judge(sight, TREE, handler)).hit.fix == fix


@pytest.mark.parametrize(
    ("handler", "detail"),
    [
        ("MyFunction:MyFunction.Function:FunctionHandler", ". The valid format"),
        ("MyFunction::MyFunction.Function", ". The valid format"),
        ("::MyFunction.Function::FunctionHandler", ", the assembly is missing."),
        ("MyFunction::::FunctionHandler", ", the type is missing."),
        ("MyFunction::MyFunction.Function::", ", the method is missing."),
    ],
)
def test_handlers_without_a_part(sight: Sight, handler: str, detail: str) -> None:
    fault = only(judge(sight, TREE, handler))
    assert fault.sort is Sort.FORM
    assert fault.hit.aws is not None
    assert fault.hit.aws.message.startswith(f"Invalid lambda function handler: '{handler}'{detail}")


def test_an_assembly_that_is_not_there(sight: Sight) -> None:
    fault = only(judge(sight, TREE, "OtherAsm::OtherAsm.Function::FunctionHandler"))
    assert (fault.sort, fault.hit.setting, paths(fault)) == (Sort.MODULE, "Handler", ["MyFunction.dll"])
    assert fault.hit.fix is not None
    assert fault.hit.fix.splitlines()[0] == f"set the handler to {HANDLER}"
    assert fault.hit.aws is not None
    assert fault.hit.aws.message.startswith(
        "Could not find the specified handler assembly with the file name 'OtherAsm, Culture=neutral, PublicKeyToken=null'."
    )


def test_an_assembly_may_come_from_elsewhere(sight: Sight) -> None:
    resolution = judge(sight, TREE, "OtherAsm::A::B", variables={"DOTNET_SHARED_STORE": "/opt/secret"})
    assert unsure(resolution) == [(Sort.MODULE, "what DOTNET_SHARED_STORE adds to the assemblies")]
    wrapper = judge(sight, TREE, "OtherAsm::A::B", variables={"AWS_LAMBDA_EXEC_WRAPPER": "/opt/x"})
    assert unsure(wrapper) == [(Sort.MODULE, "what the script in AWS_LAMBDA_EXEC_WRAPPER does")]


@pytest.mark.parametrize("handler", ["System.Runtime::System.Object::ToString", "A, Version=1.0.0.0::B::C"])
def test_assemblies_that_are_not_judged(sight: Sight, handler: str) -> None:
    assert texts(judge(sight, TREE, handler)) == []


def test_names_count_in_any_case_for_assemblies(sight: Sight) -> None:
    assert texts(judge(sight, TREE, "myfunction::MyFunction.Function::FunctionHandler")) == []


@pytest.mark.parametrize(("suffix", "code"), [("deps.json", 105), ("runtimeconfig.json", 106)])
def test_what_the_start_script_wants(sight: Sight, suffix: str, code: int) -> None:
    name = f"MyFunction.{suffix}"
    without = {path: content for path, content in TREE.items() if path != name}
    fault = only(judge(sight, without))
    assert fault.sort is Sort.MANIFEST
    assert f"{name} is not in the package (exit status {code})" in fault.hit.message
    renamed = {**without, f"Other.{suffix}": TREE[name]}
    assert texts(judge(sight, renamed)) == []  # the only one there is will do
    two = {**renamed, f"Third.{suffix}": TREE[name]}
    assert "where 2 others are" in only(judge(sight, two)).hit.message
    main = judge(sight, two, variables={"LAMBDA_DOTNET_MAIN_ASSEMBLY": "Other.dll"})
    assert texts(main) == []
    secret = judge(sight, two, variables={"LAMBDA_DOTNET_MAIN_ASSEMBLY": "Secret"})
    assert "Secret" not in only(secret).hit.message


def test_a_published_folder_in_the_zip(sight: Sight) -> None:
    nested = {f"bin/Release/net8.0/publish/{name}": content for name, content in TREE.items()}
    fault = only(judge(sight, nested))
    assert "the published program is in bin/Release/net8.0/publish/" in fault.hit.message
    assert paths(fault) == ["bin/Release/net8.0/publish/MyFunction.deps.json"]
    program = only(judge(sight, nested, "MyFunction"))
    assert "found bin/Release/net8.0/publish/MyFunction.dll" in program.hit.message


@pytest.mark.parametrize(
    ("content", "runtime", "variables", "words"),
    [
        (config("10.0.0"), "dotnet8", {}, "needs Microsoft.NETCore.App 10.0.0, runtime dotnet8 has 8.0.x"),
        (config("6.0.0"), "dotnet8", {}, "needs Microsoft.NETCore.App 6.0.0"),
        (config("8.1.0"), "dotnet8", {}, "needs Microsoft.NETCore.App 8.1.0"),
        (config("9.0.0", "Microsoft.AspNetCore.App"), "dotnet8", {}, "needs Microsoft.AspNetCore.App 9.0.0"),
        (config("8.0.0", "Microsoft.WindowsDesktop.App"), "dotnet8", {}, "on Windows only"),
        (config("10.0.0", rollForward="Major"), "dotnet8", {}, "needs Microsoft.NETCore.App 10.0.0"),
        (config("8.0.29"), "dotnet8", {}, None),
        (config("8.0.0-rc.1"), "dotnet8", {}, None),
        (config("6.0.0", rollForward="Major"), "dotnet8", {}, None),
        (config("6.0.0", rollForward="latestMajor"), "dotnet8", {}, None),
        (config("6.0.0", rollForwardOnNoCandidateFx=2), "dotnet8", {}, None),
        (config("6.0.0"), "dotnet8", {"DOTNET_ROLL_FORWARD": "Major"}, None),
        (config("10.0.0"), "dotnet10", {}, None),
        (config("6.0.0"), "dotnet6", {}, None),
        (config("x"), "dotnet8", {}, None),
        (b'{"runtimeOptions": {"includedFrameworks": []}}', "dotnet8", {}, None),
        (b'\xef\xbb\xbf// made by hand\n{"runtimeOptions": {"note": "/* no */"}}', "dotnet8", {}, None),
        (b"[]", "dotnet8", {}, "is no JSON object"),
        (b'{"runtimeOptions": "', "dotnet8", {}, "is no JSON object"),
    ],
)
def test_frameworks(sight: Sight, content: bytes, runtime: str, variables: Mapping[str, str], words: str | None) -> None:
    resolution = judge(sight, {**TREE, "MyFunction.runtimeconfig.json": content}, HANDLER, runtime, variables)
    if words is None:
        assert texts(resolution) == []
        return
    fault = only(resolution)
    assert words in fault.hit.message
    assert paths(fault) == ["MyFunction.runtimeconfig.json"]
    assert fault.hit.severity is (Severity.WARNING if "JSON" in words else None)


def test_deps_json_decides_where_assemblies_are(sight: Sight) -> None:
    unlisted = only(judge(sight, {**TREE, "MyFunction.deps.json": deps()}))
    assert (unlisted.sort, unlisted.hit.severity) == (Sort.MANIFEST, Severity.WARNING)
    lost = {name: content for name, content in TREE.items() if name != "MyFunction.dll"}
    assert "deps.json lists MyFunction.dll, which is not in the package" in only(judge(sight, lost)).hit.message
    parent = {name: content for name, content in TREE.items() if name != "Base.dll"}
    fault = only(judge(sight, parent))
    assert (fault.sort, fault.hit.severity, fault.hit.phase) == (Sort.IMPORT, Severity.WARNING, Phase.INVOKE)
    assert fault.hit.aws is not None
    assert "'Base, Version=0.0.0.0, Culture=neutral, PublicKeyToken=null'" in fault.hit.aws.message


def test_a_renamed_assembly_is_a_warning(sight: Sight) -> None:
    tree = {"Renamed.dll": FUNCTION, "Base.dll": BASE, "a.deps.json": deps("Renamed.dll", "Base.dll"), "a.runtimeconfig.json": config()}
    fault = only(judge(sight, tree, "Renamed::MyFunction.Function::FunctionHandler"))
    assert (fault.sort, fault.hit.severity) == (Sort.MODULE, Severity.WARNING)


PROGRAMS: Mapping[str, bytes] = {"Program.dll": PROGRAM, "Program.runtimeconfig.json": config()}


@pytest.mark.parametrize(
    ("tree", "handler", "sort", "words"),
    [
        (PROGRAMS, "Program", None, ""),
        (PROGRAMS, "Program.dll", None, ""),
        ({"native": b"\x7fELF"}, "native", None, ""),
        (PROGRAMS, "Other", Sort.MODULE, "no Other.dll and no Other at the root; found Program.dll (exit status 104)"),
        ({"Program.dll": PROGRAM}, "Program", Sort.MANIFEST, "Program.runtimeconfig.json is not beside Program.dll"),
        (TREE, "MyFunction", Sort.FORM, "is a class library"),
        ({**PROGRAMS, "Program.dll": b"text"}, "Program", Sort.MODULE, "is no .NET assembly: no PE file"),
        ({**PROGRAMS, "Program.runtimeconfig.json": config("9.0.0")}, "Program", Sort.VERSION, "needs Microsoft"),
    ],
)
def test_programs(sight: Sight, tree: Mapping[str, bytes], handler: str, sort: Sort | None, words: str) -> None:
    resolution = judge(sight, tree, handler)
    if sort is None:
        assert texts(resolution) == []
    else:
        fault = only(resolution)
        assert fault.sort is sort
        assert words in fault.hit.message


def test_a_program_must_be_executable(sight: Sight, tmp_path: Path) -> None:
    program = tmp_path / "native"
    program.write_bytes(b"\x7fELF")
    program.chmod(0o644)
    from lambdalint.aws.runtimes import RUNTIMES
    from lambdalint.filesystem import TASK, Filesystem
    from lambdalint.function import Environment, Handler
    from lambdalint.handlers import resolve
    from lambdalint.readers import open_package

    filesystem = Filesystem([(TASK, open_package(str(tmp_path)))])
    fault = only(resolve(filesystem, Handler("native"), RUNTIMES["dotnet8"], Environment({})))
    assert fault.sort is Sort.BOOTSTRAP
    assert "has mode 0644, without the right to execute" in fault.hit.message


def test_damaged_metadata_leaves_a_doubt(sight: Sight) -> None:
    at = FUNCTION.index(b"BSJB")
    damaged = FUNCTION[:at] + b"XXXX" + FUNCTION[at + 4 :]
    resolution = judge(sight, {**TREE, "MyFunction.dll": damaged})
    assert resolution.faults == ()
    assert [sort for sort, _ in resolution.unsure] == [Sort.MEMBER]
    assert only(judge(sight, {**TREE, "MyFunction.dll": b"\x7fELF"})).sort is Sort.MODULE


def test_every_cut_of_an_assembly_is_bad_or_read() -> None:
    for size in range(0, len(FUNCTION), 7):
        try:
            library = Library(FUNCTION[:size])
            for row in library.types().values():
                [method.types() for method in library.methods(row)]
        except BadAssembly:
            continue


def test_dotnet_core_starts_in_another_way(sight: Sight) -> None:
    with pytest.raises(Lacking):
        judge(sight, TREE, HANDLER, "dotnetcore3.1")


@pytest.mark.parametrize("name", ["MyFunction.dll", "Base.dll", "Program.dll"])
def test_dnfile_reads_the_same(name: str) -> None:
    dnfile = pytest.importorskip("dnfile")
    theirs = dnfile.dnPE(str(FOLDER / name)).net.mdtables
    library = Library((FOLDER / name).read_bytes())
    rows = theirs.TypeDef.rows
    assert [str(row.TypeName) for row in rows] == [type_.rpartition("+")[2].rpartition(".")[2] for type_ in library.types()]
    for number, row in enumerate(rows, 1):
        assert [method.name for method in library.methods(number)] == [str(one.row.Name) for one in row.MethodList]
