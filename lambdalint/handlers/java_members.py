"""Chooses the method that the Java runtime would call, and judges whether it can call it.

Source: EventHandlerLoader of aws-lambda-java-runtime-interface-client 2.x (read 2026-11-21).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from lambdalint.handlers import Fault, Sort, java_types
from lambdalint.handlers.classfile import ABSTRACT, STATIC, ClassFile, Method
from lambdalint.handlers.java_classes import OBJECT, Absent
from lambdalint.handlers.java_generics import REQUEST_HANDLER, find_arguments
from lambdalint.model import Aws, Phase

if TYPE_CHECKING:
    from lambdalint.handlers.java_classes import Classes

_INPUT: Final = "Ljava/io/InputStream;"
_OUTPUT: Final = "Ljava/io/OutputStream;"
_CONTEXT: Final = "Lcom/amazonaws/services/lambda/runtime/Context;"
_STREAM_HANDLER: Final = "com/amazonaws/services/lambda/runtime/RequestStreamHandler"
_LOADER: Final = "com.amazonaws.services.lambda.runtime.api.client.EventHandlerLoader"
_SHAPES: Final = (
    "the runtime calls (), (event), (event, Context), (InputStream), (OutputStream), (Context), "
    "(InputStream, OutputStream), (InputStream, Context), (OutputStream, Context) "
    "or (InputStream, OutputStream, Context)"
)


def dotted(name: str) -> str:
    """Return a class's name as source and messages write it, but for nested ones."""
    return name.replace("/", ".")


def judge_interface(classes: Classes, clazz: ClassFile) -> Fault | None:
    """Judge a handler without a method: the class must be a handler itself. Raises Absent, BadType."""
    ancestors = list(classes.ancestors(clazz))
    names = {ancestor.name for ancestor in ancestors if ancestor is not None}
    if _STREAM_HANDLER not in names and REQUEST_HANDLER not in names:
        parents = {parent for ancestor in ancestors if ancestor is not None for parent in ancestor.parents}
        if all(parent.startswith("java/") for parent in parents - names):
            return _no_interface(classes, clazz)  # nothing of the JDK's is a handler
        return None
    if _STREAM_HANDLER not in names:
        fault = _type_parameters(classes, clazz)
        if fault is not None:
            return fault
    return _constructor(classes, clazz)


def judge_method(classes: Classes, clazz: ClassFile, name: str) -> Fault | None:
    """Judge a handler with a method. Raises Absent, BadType."""
    owners = [owner for owner in classes.ancestors(clazz) if owner is not None]
    trip = classes.missing_type(method for owner in owners for method in owner.methods if method.name[:1] != "<")
    if trip is not None:
        text = f"Error loading method {name} on class {dotted(clazz.name)}"
        raise Absent(trip, Aws("java.lang.NoClassDefFoundError", text))
    named = [(method, owner) for method, owner in classes.methods(clazz) if method.name == name]
    verdicts = [_callable(classes, clazz, method, owner) for method, owner in _best(named)]
    if verdicts:
        return None if None in verdicts else verdicts[0]
    if None in classes.ancestors(clazz):
        return None  # a parent in the JDK may have such a method
    return _no_method(classes, clazz, name)


def _best(named: list[tuple[Method, ClassFile]]) -> list[tuple[Method, ClassFile]]:
    """Return the candidate that the runtime takes: no bridge, then the longest; several when it could be either."""
    accepted = [(_rank(method), method, owner) for method, owner in named if _accepts(method)]
    top = min((rank for rank, _, _ in accepted), default=None)
    return [(method, owner) for rank, method, owner in accepted if rank == top]


def _rank(method: Method) -> tuple[bool, int]:
    params, _ = java_types.split(method.descriptor)
    return method.is_bridge, -(len(params) + (params[-1:] == (_CONTEXT,)))


def _accepts(method: Method) -> bool:
    """Whether the runtime can fill the parameters. It compares the types before erasure."""
    params = list(java_types.split(method.descriptor)[0])
    if method.signature is not None:
        variables = java_types.variables_in_parameters(method.signature)
        if len(variables) == len(params):
            params = ["" if variable else param for variable, param in zip(variables, params, strict=True)]
    if len(params) == 3:
        return params == [_INPUT, _OUTPUT, _CONTEXT]
    if len(params) == 2:
        if params[0] == _INPUT:
            return params[1] in (_OUTPUT, _CONTEXT)
        return params[0] != _CONTEXT and params[1] == _CONTEXT
    return len(params) < 2


def _callable(classes: Classes, clazz: ClassFile, method: Method, owner: ClassFile) -> Fault | None:
    if not method.is_static:
        fault = _constructor(classes, clazz)
        if fault is not None:
            return fault
    if owner.is_public:
        return None
    words = "public static" if method.is_static else "public"
    streams = set(java_types.split(method.descriptor)[0]) & {_INPUT, _OUTPUT}
    caller = f"{_LOADER}${'Stream' if streams else 'Pojo'}MethodRequestHandler"
    return Fault(
        Sort.SIGNATURE,
        f"{dotted(owner.name)}, which declares {method.name}, is not public, so that the runtime may not call it",
        aws=_no_access(classes, caller, owner, words),
        fix=f"make {dotted(owner.name)} a public class",
        phase=Phase.INVOKE,
        setting="Handler",
    )


def _no_access(classes: Classes, caller: str, clazz: ClassFile, words: str) -> Aws:
    verb = "cannot" if classes.release > 8 else "can not"
    subject = "class" if classes.release > 8 else "Class"
    text = f'{subject} {caller} {verb} access a member of class {dotted(clazz.name)} with modifiers "{words}"'
    return Aws("java.lang.IllegalAccessException", text)


def _constructor(classes: Classes, clazz: ClassFile) -> Fault | None:
    """Judge whether the runtime can make an instance. Raises Absent."""
    constructors = [method for method in clazz.methods if method.name == "<init>"]
    trip = classes.missing_type(iter(constructors))
    if trip is not None:
        raise Absent(trip, Aws("java.lang.NoClassDefFoundError", trip))
    name = dotted(clazz.name)
    modifiers = clazz.flags if clazz.inner_flags is None else clazz.inner_flags
    if not any(method.is_public and method.descriptor == "()V" for method in constructors):
        if clazz.enclosed and not modifiers & STATIC:
            text = f"Class {name} cannot be instantiated because it is a non-static inner class"
            return _uninstantiable(f"{name} is an inner class that is not static", text, f"declare {name} static")
        return _no_constructor(clazz, constructors)
    if not clazz.is_public:
        return Fault(
            Sort.SIGNATURE, f"{name} is not public, so that the runtime may not make an instance of it",
            aws=_no_access(classes, _LOADER, clazz, "public"), fix=f"make {name} a public class",
            phase=Phase.INVOKE, setting="Handler",
        )  # fmt: skip
    if clazz.flags & ABSTRACT:
        error = "java.lang.InstantiationException"
        return Fault(
            Sort.SIGNATURE, f"{name} is abstract, so that the runtime cannot make an instance of it",
            aws=Aws(error, error), fix="name a class that extends it, or a static method",
            phase=Phase.INVOKE, setting="Handler",
        )  # fmt: skip
    return None


def _no_constructor(clazz: ClassFile, constructors: list[Method]) -> Fault:
    name = dotted(clazz.name)
    text = f"Class {name} has no public zero-argument constructor"
    own = [method for method in constructors if method.descriptor == "()V"]
    if clazz.is_interface:
        why = f"{name} is an interface, of which there are no instances"
    elif not clazz.is_public and own:
        why = f"{name} is not public, and neither is its constructor"
    elif own:
        why = f"the constructor of {name} without arguments is not public"
    else:
        why = f"every constructor of {name} takes arguments"
    return _uninstantiable(why, text, f"give {name} a public constructor without arguments, or make the handler method static")


def _uninstantiable(why: str, text: str, fix: str) -> Fault:
    aws = Aws("java.lang.Exception", text)
    return Fault(Sort.SIGNATURE, why, aws=aws, fix=fix, phase=Phase.INVOKE, setting="Handler")


def _no_interface(classes: Classes, clazz: ClassFile) -> Fault:
    name = dotted(clazz.name)
    fitting = sorted({method.name for method, owner in classes.methods(clazz) if owner is clazz and _accepts(method)})
    fix = "implement RequestHandler or RequestStreamHandler"
    if fitting:
        fix = "\nor ".join([f"set the handler to {name}::{method}" for method in fitting[:3]] + [fix])
    return Fault(
        Sort.FORM if fitting else Sort.SIGNATURE,
        f"{name} implements neither RequestHandler nor RequestStreamHandler, and the handler names no method",
        aws=Aws(None, f"Class does not implement an appropriate handler interface: {name}"),
        fix=fix, phase=Phase.INVOKE, setting="Handler",
    )  # fmt: skip


def _type_parameters(classes: Classes, clazz: ClassFile) -> Fault | None:
    arguments = find_arguments(classes, clazz)
    name = dotted(clazz.name)
    text = f"Class {name} does not implement RequestHandler with concrete type parameters"
    if arguments is None:
        why = f"{name} uses RequestHandler without type parameters"
    elif len(arguments) != 2:
        text = f"Invalid class signature for RequestHandler. Expected two generic types, got {len(arguments)}"
        why = f"{name} implements RequestHandler through an interface of {len(arguments)} type parameters"
    else:
        loose = [argument.variable for argument in arguments if argument.bounded is False]
        if not loose:
            return None
        text += f": parameter {loose[0]} has no upper bound."
        why = f"{name} leaves the type parameter {loose[0]} of RequestHandler open"
    return Fault(
        Sort.SIGNATURE, why, aws=Aws(None, text), phase=Phase.INVOKE, setting="Handler",
        fix=f"implement RequestHandler with two types of your own\nor set the handler to {name}::handleRequest",
    )  # fmt: skip


def _no_method(classes: Classes, clazz: ClassFile, name: str) -> Fault:
    where = dotted(clazz.name)
    owners = [owner for owner in classes.ancestors(clazz) if owner is not None and not name.startswith("<")]
    declared = [method for owner in owners for method in owner.methods if method.name == name]
    if any(method.is_public for method in declared):
        sort, why, fix = Sort.SIGNATURE, f"no public {name} of {where} takes what the runtime passes", _SHAPES
    elif declared:
        sort, why, fix = Sort.SIGNATURE, f"{name} of {where} is not public", f"make {name} public"
    else:
        sort, why, fix = Sort.MEMBER, f"{where} has no method {name}", None
        near = list(_near(classes, clazz, name))
        if near:
            why += f"; it has {', '.join(near)}"
            fix = "\nor ".join(f"set the handler to {where}::{method}" for method in near)
    text = f"No public method named {name} with appropriate method signature found on class {where}"
    return Fault(sort, why, aws=Aws(None, text), fix=fix, phase=Phase.INVOKE, setting="Handler")


def _near(classes: Classes, clazz: ClassFile, name: str) -> Iterator[str]:
    """Yield up to three methods that could be called, those of another case first."""
    names = {method.name for method, owner in classes.methods(clazz) if owner.name != OBJECT and _accepts(method)}
    yield from sorted(names, key=lambda other: (other.lower() != name.lower(), other))[:3]
