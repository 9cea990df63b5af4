"""Hostile class files, jars and assemblies: each is read, or is bad in the one way that is documented."""

from contextlib import suppress
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st

from lambdalint.handlers import classfile, java_types
from lambdalint.handlers.classfile import BadClass
from lambdalint.handlers.dotnet_metadata import BadAssembly
from lambdalint.handlers.dotnet_method import callable_methods
from lambdalint.handlers.dotnet_types import Library
from lambdalint.handlers.jar import open_jar
from lambdalint.handlers.java_types import BadType
from tests.handlers.test_dotnet import FUNCTION
from tests.handlers.test_java import CLASSES, jar, manifest

CLASS: Final = CLASSES["example/Classes$Open.class"]
JAR: Final = jar({**manifest("Multi-Release: true\r\nClass-Path: a.jar"), **CLASSES})
SIGNATURE: Final = b"<T:Ljava/lang/Object;>Lex/A<TT;>.In<*+TT;[I>;Lex/B<Lex/C<TT;>;>;"
#: Where, how many bytes go, and what comes instead.
EDITS: Final = st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 8), st.binary(max_size=8)), min_size=1, max_size=8)


def edited(content: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    data = bytearray(content)
    for place, gone, new in edits:
        at = place % (len(data) + 1)
        data[at : at + gone] = new
    return bytes(data)


@settings(max_examples=400, deadline=None)
@given(EDITS)
def test_class_files(edits: list[tuple[int, int, bytes]]) -> None:
    with suppress(BadClass):
        classfile.parse(edited(CLASS, edits))


@settings(max_examples=400, deadline=None)
@given(EDITS)
def test_signatures(edits: list[tuple[int, int, bytes]]) -> None:
    text = edited(SIGNATURE, edits).decode("latin-1")
    for read in (java_types.shape, java_types.variables_in_parameters, java_types.split):
        with suppress(BadType):
            read(text)


@settings(max_examples=200, deadline=None)
@given(EDITS)
def test_jars(edits: list[tuple[int, int, bytes]]) -> None:
    data = edited(JAR, edits)
    try:
        archive = open_jar(lambda: data)
        archive.class_path()
        for name in CLASSES:
            found = archive.find(name, 17)
            if found is not None:
                archive.read(found, 1 << 20)
    except ValueError:
        pass


@settings(max_examples=400, deadline=None)
@given(EDITS)
def test_assemblies(edits: list[tuple[int, int, bytes]]) -> None:
    try:
        library = Library(edited(FUNCTION, edits))
        list(callable_methods(library))
        library.references()
        library.forwards()
        for row in library.types().values():
            for method in library.methods(row):
                library.attributes(0x06, method.row)
                str(method)
    except BadAssembly:
        pass
