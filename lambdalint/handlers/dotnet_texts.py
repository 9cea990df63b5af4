"""The .NET runtime client's own error texts.

Source: ExceptionHandling/Errors.cs of Amazon.Lambda.RuntimeSupport (read 2026-11-21).
"""

from __future__ import annotations

from typing import Final

NO_ASSEMBLY: Final = (
    "Could not find the specified handler assembly with the file name '{}, Culture=neutral, PublicKeyToken=null'. "
    "The assembly should be located in the root of your uploaded .zip file."
)
BAD_ASSEMBLY: Final = "Unable to load assembly '{}'."
NO_TYPE: Final = "Unable to load type '{}' from assembly '{}'."
NO_METHOD: Final = "Unable to find method '{0}' in type '{1}' from assembly '{2}': Found no methods matching method name '{0}'."
OVERLOADS: Final = (
    "The method '{}' in type '{}' appears to have a number of overloads. To call this method please specify a complete "
    "method signature. Possible candidates are:\n{}."
)
_METHOD: Final = "The method '{}' cannot be used as a Lambda Handler because it is "
ABSTRACT_METHOD: Final = _METHOD + "an abstract method. Handler methods cannot be abstract. Please specify a non-abstract handler method."
GENERIC_METHOD: Final = _METHOD + "a generic method. Handler methods cannot be generic. Please specify a non-generic handler method."
ASYNC_VOID: Final = (
    _METHOD + "an 'async void' method. Handler methods cannot be 'async void'. Please specify a method that is not 'async void'."
)
PARAMS: Final = _METHOD + "a 'params' method. Please specify a method that does not use 'params'."
VARARG: Final = _METHOD + "a 'vararg (variable arguments)' method. Please specify a method that is not 'vararg'."
GENERIC_TYPE: Final = (
    "The type '{}' cannot be used as a Lambda Handler type because it is generic. Handler methods cannot be located in "
    "generic types. Please specify a handler method in a non-generic type."
)
ABSTRACT_TYPE: Final = (
    "The instance method '{}' cannot be used as a Lambda Handler because its type '{}' is abstract. "
    "Please either use a static handler or specify a type that is not abstract."
)
NO_CLASS: Final = (
    "The type '{}' cannot be used as a handler type since it is not a class or a struct. "
    "Please specify a handler method on a class or struct."
)
#: .NET's own, as are the codes with them: MissingMethodException.
NO_CONSTRUCTOR: Final = "Cannot dynamically create an instance of type '{}'. Reason: No parameterless constructor defined."
PRIVATE_CONSTRUCTOR: Final = "No parameterless constructor defined for type '{}'."
TOO_MANY: Final = "Method '{}' of type '{}' is not supported: the method has more than 2 parameters."
NO_CONTEXT: Final = (
    "Method '{}' of type '{}' is not supported: the method has 2 parameters, but the second parameter is not of type "
    "'Amazon.Lambda.Core.ILambdaContext'."
)
NO_SERIALIZER: Final = (
    "Could not find the LambdaSerializerAttribute on the assembly '{}' or method '{}' while attempting to deserialize "
    "input data of type '{}'. To use types other than System.IO.Stream as input/output parameters, the assembly or "
    "Lambda function should be annotated with Amazon.Lambda.Core.LambdaSerializerAttribute."
)
_FORMAT: Final = "The valid format is 'ASSEMBLY::TYPE::METHOD'."
BAD_HANDLER: Final = f"Invalid lambda function handler: '{{}}'. {_FORMAT}"
LACKING_PART: Final = f"Invalid lambda function handler: '{{}}', the {{}} is missing. {_FORMAT}"
