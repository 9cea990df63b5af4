"""Ruby handlers: verdicts as the runtime interface client and Ruby itself give them."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambdalint.filesystem import TASK, Filesystem
from lambdalint.handlers import Sort
from lambdalint.model import Phase, Severity
from lambdalint.readers import open_package
from tests.handlers.sight import Sight, Tree, aws, only, paths, texts, unsure

GOOD = "def handler(event:, context:)\n  1\nend\n"
ARN = "arn:aws:lambda:eu-west-1:123456789012:layer:gems:7"
SPEC = "Gem::Specification.new { |s| s.name = 'mygem'; s.version = '1.0' }\n"


def gem(abi: str, name: str = "mygem-1.0", *, spec: bool = True, body: str = "") -> dict[str, str]:
    root = f"vendor/bundle/ruby/{abi}"
    return {f"{root}/gems/{name}/lib/mygem.rb": body, **({f"{root}/specifications/{name}.gemspec": SPEC} if spec else {})}


@pytest.mark.parametrize(
    ("source", "handler"),
    [
        (GOOD, "app.handler"),
        ("private\n" + GOOD, "app.handler"),
        ("private def handler(event:, context:) = 1\n", "app.handler"),
        ("def handler(event) = 1\n", "app.handler"),
        ("def handler(*all) = 1\n", "app.handler"),
        ("def handler(**all) = 1\n", "app.handler"),
        ("def handler(...) = puts(...)\n", "app.handler"),
        ("def handler(event:, context:, more: 1, &block) = 1\n", "app.handler"),
        ("class Object\n" + GOOD + "end\n", "app.handler"),
        ("module Shared\n" + GOOD + "end\ninclude Shared\n", "app.handler"),
        ("def other(event:, context:) = 1\nalias handler other\n", "app.handler"),
        ("def outer\n" + GOOD + "end\nouter\n", "app.handler"),
        ("begin\n" + GOOD + "end\n", "app.handler"),
        ("module A\n  class B\n    def self.run(event:, context:) = 1\n  end\nend\n", "app.A::B.run"),
        ("class A; end\nclass A::B\n  class << self\n    def run(event:, context:) = 1\n  end\nend\n", "app.A::B.run"),
        ("class A\n  private\n  def self.run(event:, context:) = 1\nend\n", "app.A.run"),
        ("class A; end\ndef A.run(event:, context:) = 1\n", "app.A.run"),
        ("class A; end\nclass << A\n  def run(event:, context:) = 1\nend\n", "app.A.run"),
        ("module A\n  module_function\n  def run(event:, context:) = 1\nend\n", "app.A.run"),
        ("module A\n  extend self\n  def run(event:, context:) = 1\nend\n", "app.A.run"),
        ("class B\n  def self.run(event:, context:) = 1\nend\nclass A < B; end\n", "app.A.run"),
        ("class A; end\n" + GOOD, "app.A.handler"),  # a class is an object too
        ("class Class\n" + GOOD + "end\nclass A; end\n", "app.A.handler"),
        ("require 'json'\nrequire 'net/http'\nrequire 'aws-sdk-s3'\nrequire 'csv'\n" + GOOD, "app.handler"),
        ("begin\n  require 'nosuch'\nrescue LoadError\nend\n" + GOOD, "app.handler"),
        ("require 'nosuch' if ENV['X']\n" + GOOD, "app.handler"),
        ("def lazy\n  require 'nosuch'\nend\n" + GOOD, "app.handler"),
        ("# -*- coding: utf-8 -*-\n" + GOOD, "app.handler"),
        ("X = <<~TEXT\n<<<<<<< HEAD\n=======\n>>>>>>> b\nTEXT\n" + GOOD, "app.handler"),
    ],
)
def test_works(sight: Sight, source: str, handler: str) -> None:
    resolution = sight.judge(sight.filesystem({"app.rb": source}), "ruby3.3", handler)
    assert texts(resolution) == []
    assert [node.path for node in resolution.loaded] == ["/var/task/app.rb"]


@pytest.mark.parametrize(
    "source",
    [
        "define_method(:handler) { |event:, context:| 1 }\n",
        "Object.send(:define_method, :handler) { |event:, context:| 1 }\n",
        "eval 'def handler(event:, context:) = 1'\n",
        "if ENV['X']\n" + GOOD + "end\n",
        "[1].each do\n" + GOOD + "end\n",
        "include SomeGem\n",
        "Dir['lib/*.rb'].each { |file| require file }\n",
        "raise 'no' unless ENV['X']\nexit\n",
        "attr_accessor :handler\n",
        "class Tool\n  def initialize\n    def handler(event:, context:) = 1\n  end\nend\nTool.new\n",
    ],
)
def test_decided_at_run_time(sight: Sight, source: str) -> None:
    assert texts(sight.judge(sight.filesystem({"app.rb": source}), "ruby3.4")) == []


@pytest.mark.parametrize(
    "source",
    [
        "Foo = Struct.new(:a)\n",
        "class Foo < Unknown; end\n",
        "class Foo\n  has_many :things\nend\n",
        "class Foo\n  include Unknown\nend\n",
        "class Foo\n  extend Unknown\nend\n",
        "class Foo\n  class << self\n    attr_accessor :run\n  end\nend\n",
        "autoload :Foo, './foo'\n",
        "if ENV['X']\n  class Foo; end\nend\n",
    ],
)
def test_class_decided_at_run_time(sight: Sight, source: str) -> None:
    assert texts(sight.judge(sight.filesystem({"app.rb": source}), "ruby3.4", "app.Foo.run")) == []


INVALID = "must be of form FILENAME.METHOD or FILENAME.CLASS.METHOD where FILENAME"


@pytest.mark.parametrize(
    ("handler", "sort", "code", "start", "fix"),
    [
        ("app", Sort.FORM, "Init<ArgumentError>", f'Invalid handler ["app"], {INVALID}', None),
        ("app.", Sort.FORM, "Init<ArgumentError>", f'Invalid handler ["app"], {INVALID}', None),
        ("a.b.c.d", Sort.FORM, "Init<ArgumentError>", f'Invalid handler ["a", "b", "c", "d"], {INVALID}', None),
        ("app::handler", Sort.FORM, "Init<ArgumentError>", f'Invalid handler ["app::handler"], {INVALID}', None),
        (".", Sort.FORM, "Init<ArgumentError>", f"Invalid handler [], {INVALID}", None),
        ("./app.handler", Sort.FORM, "Init<LoadError>", "cannot load such file -- ", "set the handler to app.handler"),
        ("app.rb.handler", Sort.FORM, "Function<NameError>", "wrong constant name rb", "set the handler to app.handler"),
        ("app..handler", Sort.FORM, "Function<NameError>", "wrong constant name ", None),
        ("app.A-b.handler", Sort.FORM, "Function<NameError>", "wrong constant name A-b", None),
        ("other.handler", Sort.MODULE, "Init<LoadError>", "cannot load such file -- other", "set the handler to app.handler"),
        ("App.handler", Sort.MODULE, "Init<LoadError>", "cannot load such file -- App", "set the handler to app.handler"),
        ("/app.handler", Sort.MODULE, "Init<LoadError>", "cannot load such file -- /app", "set the handler to app.handler"),
        ("app.Foo.run", Sort.MEMBER, "Function<NameError>", "uninitialized constant Kernel::Foo", "set the handler to app.handler"),
    ],
)
def test_handler_string(sight: Sight, handler: str, sort: Sort, code: str, start: str, fix: str | None) -> None:
    fault = only(sight.judge(sight.filesystem({"app.rb": GOOD}), "ruby3.3", handler))
    said, message = aws(fault)
    assert (fault.sort, fault.hit.severity, fault.hit.setting, said) == (sort, None, "Handler", code)
    assert message.startswith(start)
    assert fix is None or fault.hit.fix == fix
    assert fault.hit.phase is (Phase.INIT if code.startswith("Init") else Phase.INVOKE)


@pytest.mark.parametrize(
    ("tree", "phrase", "place"),
    [
        ({"src/app.rb": GOOD}, "; found src/app.rb", "src/app.rb"),
        ({"App.rb": GOOD}, "; found App.rb", "App.rb"),
        ({"v1.0/app.rb": GOOD}, "; found v1.0/app.rb, but no handler can name a path with a dot in it", "v1.0/app.rb"),
        ({"main.rb": GOOD}, "; found main.rb, which defines handler", "main.rb"),
        (
            {"main.rb": "class Api\n  def self.call(event:, context:) = 1\nend\n"},
            "; found main.rb, which defines Api.call",
            "main.rb",
        ),
        ({"lib/a.rb": "", "b.rb": ""}, "; found b.rb, lib/a.rb", "b.rb"),
        ({"vendor/x/app.rb": GOOD}, "; found /var/task/vendor/x/app.rb", "vendor/x/app.rb"),
        ({"app.py": ""}, "", None),
    ],
)
def test_missing_file(sight: Sight, tree: Tree, phrase: str, place: str | None) -> None:
    fault = only(sight.judge(sight.filesystem(tree), "ruby3.3"))
    assert fault.hit.message == f"the handler app.handler names the file app.rb, which is not in the package{phrase}"
    assert paths(fault) == ([] if place is None else [place])


def no_method(quoted: str, of: str) -> tuple[str, str]:
    return "Function<NoMethodError>", f"undefined method {quoted} for {of}"


OBJECT = '#<LambdaHandler:0x… @handler_file_name="app", @handler_method_name="handler">'


@pytest.mark.parametrize(
    ("runtime", "top", "of_class", "of_module"),
    [
        ("ruby3.2", no_method("`handler'", OBJECT), no_method("`run'", "A:Class"), no_method("`run'", "B:Module")),
        (
            "ruby3.3",
            no_method("`handler'", "an instance of LambdaHandler"),
            no_method("`run'", "class A"),
            no_method("`run'", "module B"),
        ),
        (
            "ruby4.0",
            no_method("'handler'", "an instance of LambdaHandler"),
            no_method("'run'", "class A"),
            no_method("'run'", "module B"),
        ),
    ],
)
def test_words_of_each_version(
    sight: Sight, runtime: str, top: tuple[str, str], of_class: tuple[str, str], of_module: tuple[str, str]
) -> None:
    filesystem = sight.filesystem({"app.rb": "class A; end\nmodule B; end\n"})
    assert aws(only(sight.judge(filesystem, runtime))) == top
    assert aws(only(sight.judge(filesystem, runtime, "app.A.run"))) == of_class
    assert aws(only(sight.judge(filesystem, runtime, "app.B.run"))) == of_module


@pytest.mark.parametrize(
    ("source", "handler", "phrase", "fix"),
    [
        ("def main(event:, context:) = 1\n", "app.handler", "it defines main", "set the handler to app.main"),
        ("class Api\n" + GOOD + "end\n", "app.handler", "handler is an instance method of Api", "write def self.handler and set"),
        ("class Api\n" + GOOD + "end\n", "app.Api.handler", "handler is an instance method of Api", "write def self.handler and"),
        ("class Api\n  def self.handler(e) = 1\nend\n", "app.handler", "a class method of Api", "set the handler to app.Api.handler"),
        ("def self.handler(event:, context:) = 1\n", "app.handler", "not what the runtime calls", "write def handler without self."),
        ("def outer\n" + GOOD + "end\n", "app.handler", "inside the method outer, which nothing calls", "move def handler"),
        (GOOD + "undef handler\n", "app.handler", "defines no method handler", ""),
        ("return\n" + GOOD, "app.handler", "defines no method handler", ""),
        ("=begin\n" + GOOD + "=end\n", "app.handler", "defines no method handler", ""),
        ("__END__\n" + GOOD, "app.handler", "defines no method handler", ""),
        ("handler = ->(event:, context:) { 1 }\n", "app.handler", "defines no method handler", ""),
        ("module A\n  class B; end\nend\n", "app.B.run", "no class or module B", ""),
        ("module A; end\n", "app.A::B.run", "no class or module A::B", ""),
    ],
)
def test_missing_method(sight: Sight, source: str, handler: str, phrase: str, fix: str) -> None:
    fault = only(sight.judge(sight.filesystem({"app.rb": source}), "ruby3.3", handler))
    assert (fault.sort, fault.hit.severity, fault.hit.phase) == (Sort.MEMBER, None, Phase.INVOKE)
    assert phrase in fault.hit.message
    assert (fault.hit.fix or "").startswith(fix)
    assert paths(fault) == ["app.rb"]


def test_nested_constant_is_named_as_ruby_names_it(sight: Sight) -> None:
    filesystem = sight.filesystem({"app.rb": "module A; end\n"})
    assert aws(only(sight.judge(filesystem, "ruby3.3", "app.A::B.run")))[1] == "uninitialized constant A::B"
    assert aws(only(sight.judge(filesystem, "ruby3.3", "app.C::B.run")))[1] == "uninitialized constant Kernel::C"


@pytest.mark.parametrize(
    ("parameters", "complaint"),
    [
        ("event, context", "wrong number of arguments (given 1, expected 2)"),
        ("", "wrong number of arguments (given 1, expected 0)"),
        ("a, b, *c", "wrong number of arguments (given 1, expected 2+)"),
        ("a, b, c = 1", "wrong number of arguments (given 1, expected 2..3)"),
        ("(a, b), c", "wrong number of arguments (given 1, expected 2)"),
        ("event:", "unknown keyword: :context"),
        ("a: 1", "unknown keywords: :event, :context"),
        ("event:, context:, more:", "missing keyword: :more"),
        ("event:, x:, y:", "missing keywords: :x, :y"),
        ("event, context:", "wrong number of arguments (given 0, expected 1; required keyword: context)"),
        ("a, event:, context:", "wrong number of arguments (given 0, expected 1; required keywords: event, context)"),
        ("a, **rest", "wrong number of arguments (given 0, expected 1)"),
        ("**nil", "no keywords accepted"),
    ],
)
@pytest.mark.parametrize("runtime", ["ruby3.2", "ruby4.0"])
def test_parameters(sight: Sight, parameters: str, complaint: str, runtime: str) -> None:
    fault = only(sight.judge(sight.filesystem({"app.rb": f"def handler({parameters})\nend\n"}), runtime))
    assert (fault.sort, fault.hit.phase, fault.hit.line) == (Sort.SIGNATURE, Phase.INVOKE, 1)
    assert aws(fault) == ("Function<ArgumentError>", complaint)


def test_parameters_of_a_wrapped_method_are_not_judged(sight: Sight) -> None:
    assert not sight.judge(sight.filesystem({"app.rb": "memoize def handler(a, b)\nend\n"}), "ruby3.3").faults


@pytest.mark.parametrize("name", ["puts", "test", "class"])
def test_method_of_ruby_is_a_warning(sight: Sight, name: str) -> None:
    fault = only(sight.judge(sight.filesystem({"app.rb": GOOD}), "ruby3.3", f"app.{name}"))
    assert (fault.sort, fault.hit.severity) == (Sort.MEMBER, Severity.WARNING)


def test_name_of_a_loaded_library(sight: Sight) -> None:
    for name in ("json", "logger", "uri"):
        fault = only(sight.judge(sight.filesystem({f"{name}.rb": GOOD}), "ruby3.3", f"{name}.handler"))
        assert (fault.sort, fault.hit.severity, paths(fault)) == (Sort.SHADOW, None, [f"{name}.rb"])
        assert aws(fault) == no_method("`handler'", "an instance of LambdaHandler")
    fault = only(sight.judge(sight.filesystem({"set.rb": GOOD}), "ruby3.3", "set.handler"))
    assert (fault.sort, fault.hit.severity) == (Sort.SHADOW, Severity.WARNING)
    assert not sight.judge(sight.filesystem({"test.rb": GOOD}), "ruby3.3", "test.handler").faults
    assert not sight.judge(sight.filesystem({"json.rb": ""}), "ruby3.3", "json.JSON.generate").faults


# What is required.


@pytest.mark.parametrize(
    ("source", "more", "loaded"),
    [
        ("require 'lib/a'\n", {"lib/a.rb": GOOD}, "lib/a.rb"),
        ("require './lib/a'\n", {"lib/a.rb": GOOD}, "lib/a.rb"),
        ("require_relative 'lib/a'\n", {"lib/a.rb": GOOD}, "lib/a.rb"),
        ("require File.expand_path('../lib/a', __FILE__)\n", {"lib/a.rb": GOOD}, "lib/a.rb"),
        ("require File.join(__dir__, 'lib', 'a')\n", {"lib/a.rb": GOOD}, "lib/a.rb"),
        ("load 'lib/a.rb'\n", {"lib/a.rb": GOOD}, "lib/a.rb"),
        ("require_relative 'a'\n", {"a.rb": "require_relative 'app'\n" + GOOD}, "a.rb"),
    ],
)
def test_follows(sight: Sight, source: str, more: Tree, loaded: str) -> None:
    resolution = sight.judge(sight.filesystem({"app.rb": source, **more}), "ruby3.3")
    assert texts(resolution) == []
    assert [node.path for node in resolution.loaded] == ["/var/task/app.rb", f"/var/task/{loaded}"]


@pytest.mark.parametrize(
    ("source", "said", "phrase"),
    [
        ("require 'nosuch'\n", "nosuch", "no such file is in the package"),
        ("begin\n  require 'nosuch'\nrescue\nend\n", "nosuch", "no such file"),
        ("require 'nosuch' rescue nil\n", "nosuch", "no such file"),
        ("module A\n  require 'nosuch'\nend\n", "nosuch", "no such file"),
        ("require 'net/ssh'\n", "net/ssh", "no such file"),
        ("require_relative 'lib/core'\n", "/var/task/lib/core", "no such file"),
        ("require './lib/core'\n", "./lib/core", "no such file"),
        ("require 'other'\n", "other", "found lib/other.rb, but its folder is not on the load path"),
        ("$LOAD_PATH.unshift(File.expand_path('lib', __dir__))\nrequire 'nosuch'\n", "nosuch", "no such file"),
    ],
)
def test_missing_feature(sight: Sight, source: str, said: str, phrase: str) -> None:
    resolution = sight.judge(sight.filesystem({"app.rb": source + GOOD, "lib/other.rb": ""}), "ruby3.3")
    fault = only(resolution)
    assert (fault.sort, fault.hit.severity, paths(fault)[0]) == (Sort.IMPORT, None, "app.rb")
    assert aws(fault) == ("Init<LoadError>", f"cannot load such file -- {said}")
    assert phrase in fault.hit.message


@pytest.mark.parametrize(
    "source",
    [
        "$LOAD_PATH.unshift(File.expand_path('lib', __dir__))\nrequire 'other'\n",
        "$: << './lib'\nrequire 'other'\n",
        "$:.unshift '/mnt/gems'\nrequire 'nosuch'\n",
        "$LOAD_PATH << File.join(ENV['LAMBDA_TASK_ROOT'], 'lib')\nrequire 'other'\n",
        "$LOAD_PATH << ENV['PLACE']\nrequire 'nosuch'\n",
        "require 'bundler/setup'\nrequire 'other'\n",
        "require 'bundler/inline'\nrequire 'nosuch'\n",
    ],
)
def test_moved_load_path(sight: Sight, source: str) -> None:
    assert not sight.judge(sight.filesystem({"app.rb": source, "lib/other.rb": GOOD}), "ruby3.3").faults


def test_unread_layer_and_variables(sight: Sight) -> None:
    bare = sight.judge(sight.filesystem({"app.rb": "require 'nosuch'\n"}, arns=[ARN]), "ruby3.3")
    assert unsure(bare) == [(sort, f"the content of {ARN}") for sort in (Sort.IMPORT, Sort.MEMBER)]
    tree: Tree = {"app.rb": "require 'nosuch'\n" + GOOD}
    assert unsure(sight.judge(sight.filesystem(tree, arns=[ARN]), "ruby3.3")) == [(Sort.IMPORT, f"the content of {ARN}")]
    moved = sight.judge(sight.filesystem(tree), "ruby3.3", variables={"GEM_PATH": "/secret"})
    assert unsure(moved) == [(Sort.IMPORT, "what the variable GEM_PATH changes")]
    assert not moved.faults
    away = sight.judge(sight.filesystem({"x.rb": ""}, arns=[ARN]), "ruby3.3")
    assert [sort for sort, _ in unsure(away)] == [Sort.MODULE, Sort.MEMBER, Sort.SIGNATURE]
    assert not away.faults
    relative = sight.filesystem({"app.rb": "require_relative 'nosuch'\n" + GOOD}, arns=[ARN])
    assert only(sight.judge(relative, "ruby3.3")).sort is Sort.IMPORT


def test_wrapper_makes_all_unsure(sight: Sight) -> None:
    variables = {"AWS_LAMBDA_EXEC_WRAPPER": "/opt/secret"}
    for handler in ("app.handler", "app", "other.handler", "app.missing"):
        filesystem = sight.filesystem({"app.rb": "require 'nosuch'\n"}, layers=[{"secret": "#!/bin/sh\n"}])
        found = sight.judge(filesystem, "ruby3.3", handler, variables)
        assert not found.faults
        assert {what for _, what in unsure(found)} == {"what the program that AWS_LAMBDA_EXEC_WRAPPER names changes"}


def test_code_loaded_by_a_variable(sight: Sight) -> None:
    assert not sight.judge(sight.filesystem({"app.rb": ""}), "ruby3.3", variables={"RUBYOPT": "-r/opt/x"}).faults


def test_linked_gems_are_not_followed(sight: Sight) -> None:
    links = {"vendor/bundle/ruby/3.3.0/gems/mygem-1.0": "../../../../../cache/mygem"}
    filesystem = sight.filesystem({"app.rb": "require 'mygem'\n" + GOOD, "cache/mygem/lib/mygem.rb": ""}, links=links)
    assert not sight.judge(filesystem, "ruby3.3").faults


@pytest.mark.parametrize(
    "source",
    [
        "def handler(event)\nend\nwrap :handler\n",
        "def handler(a, b)\nend\nwrap :handler\n",
        "def handler(a, b)\nend\ninclude Wrapping\n",
    ],
)
def test_signature_of_what_may_be_wrapped(sight: Sight, source: str) -> None:
    assert texts(sight.judge(sight.filesystem({"app.rb": source}), "ruby3.3")) == []


@pytest.mark.parametrize(
    ("gems", "phrase"),
    [
        (gem("3.3.0"), None),
        (gem("3.2.0"), "it is there for Ruby 3.2.0, and this runtime looks in 3.3.0"),
        (gem("3.3.0", spec=False), "its specification is not in specifications/"),
        (gem("3.3.0", "mygem-1.0-arm64-darwin"), "it is built for another system"),
        ({**gem("3.3.0", "mygem-1.0-arm64-darwin"), **gem("3.3.0", "mygem-1.0-x86_64-linux")}, None),
        ({"Gemfile": "gem 'mygem'\n"}, "Gemfile names it, but it is not packed"),
        ({"Gemfile.lock": "GEM\n  specs:\n    mygem (1.0)\n"}, "Gemfile.lock names it, but it is not packed"),
    ],
)
def test_gems(sight: Sight, gems: Tree, phrase: str | None) -> None:
    resolution = sight.judge(sight.filesystem({"app.rb": "require 'mygem'\n" + GOOD, **gems}), "ruby3.3")
    if phrase is None:
        assert texts(resolution) == []
    else:
        assert phrase in only(resolution).hit.message


def test_gem_of_a_layer(sight: Sight) -> None:
    layer = {path.replace("vendor/bundle/ruby", "ruby/gems"): body for path, body in gem("3.4.0").items()}
    filesystem = sight.filesystem({"app.rb": "require 'mygem'\nrequire 'helper'\n" + GOOD}, layers=[layer, {"ruby/lib/helper.rb": ""}])
    assert not sight.judge(filesystem, "ruby3.4").faults
    assert len(sight.judge(filesystem, "ruby3.3").faults) == 1


def test_method_that_a_gem_may_define(sight: Sight) -> None:
    def judge(body: str, handler: str = "app.handler") -> int:
        tree: Tree = {"app.rb": "require 'mygem'\n", **gem("3.3.0", body=body)}
        return len(sight.judge(sight.filesystem(tree), "ruby3.3", handler).faults)

    assert judge("class Other; end\n") == 1
    assert judge(GOOD) == 0
    assert judge("class Foo\nend\n", "app.Foo.run") == 0
    assert judge("", "app.Foo.run") == 1
    tree: Tree = {"app.rb": GOOD, **gem("3.3.0")}
    assert not sight.judge(sight.filesystem(tree), "ruby3.3", "mygem.handler").faults


def test_damaged_file(sight: Sight, tmp_path: Path) -> None:
    filesystem = sight.filesystem({"app.rb": "require_relative 'lib'\n", "lib.rb": GOOD * 50})
    archive = next(tmp_path.glob("*.zip"))
    raw = archive.read_bytes()
    archive.write_bytes(raw.replace(b"def handler", b"xxx handler", 5))
    filesystem = Filesystem([(TASK, open_package(str(archive)))])
    resolution = sight.judge(filesystem, "ruby3.3")
    assert texts(resolution) == []
    assert {sort for sort, _ in unsure(resolution)} == {Sort.IMPORT, Sort.MEMBER}


# What Ruby refuses to parse.

END = "syntax error, unexpected end-of-input"


@pytest.mark.parametrize(
    ("content", "line", "bison", "prism"),
    [
        ("def handler\n  if x\n    1\nend\n", 4, f"{END}, expecting `end' or dummy end", "syntax errors found"),
        (GOOD + "end\n", 4, "syntax error, unexpected `end'", "syntax error found"),
        (GOOD + "foo(1\n", 4, f"{END}, expecting ')'", "syntax error found"),
        ("<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> b\n", 1, "syntax error, unexpected <<", "syntax errors found"),
        ("def handler(event, context):\n  return 1\n", 1, "syntax error, unexpected ':'", "syntax errors found"),
        (GOOD + "def a\n  B = 1\nend\n", 5, "dynamic constant assignment", "syntax error found"),
        (GOOD + "def a\n  class B; end\nend\n", 5, "class definition in method body", "syntax error found"),
        (GOOD.encode("utf-16"), 1, "invalid multibyte char (UTF-8)", "syntax errors found"),
        (GOOD.encode() + b"x = '\xff'\n", 4, "invalid multibyte char (UTF-8)", "syntax error found"),
    ],
)
def test_syntax(sight: Sight, content: str | bytes, line: int, bison: str, prism: str) -> None:
    filesystem = sight.filesystem({"app.rb": content})
    for runtime, said in (("ruby3.3", bison), ("ruby3.4", prism)):
        fault = next(fault for fault in sight.judge(filesystem, runtime).faults if fault.sort is Sort.SYNTAX)
        assert (fault.hit.severity, fault.hit.line, paths(fault)) == (None, line, ["app.rb"])
        assert aws(fault) == ("Init<SyntaxError>", f"/var/task/app.rb:{line}: {said}")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("# encoding: nosuch\n", "unknown encoding name: nosuch"),
        ("# coding: utf8\n", "unknown encoding name: utf8"),
        ("#!/usr/bin/ruby\n# vim: set fileencoding=nosuch :\n", "unknown encoding name: nosuch"),
        ("# encoding: utf-16\n", "UTF-16 is not ASCII compatible"),
        ("# a comment\n# encoding: nosuch\n", None),
        ("# coding: iso-8859-1\n", None),
        ("# coding: utf-8-unix\n", None),
    ],
)
def test_magic_comment(sight: Sight, content: str, said: str | None) -> None:
    filesystem = sight.filesystem({"app.rb": content + GOOD})
    if said is None:
        assert texts(sight.judge(filesystem, "ruby3.3")) == []
        return
    assert aws(only(sight.judge(filesystem, "ruby3.3"))) == ("Init<ArgumentError>", said)
    assert "unknown or invalid encoding in the magic comment" in aws(only(sight.judge(filesystem, "ruby3.4")))[1]


def test_odd_bytes_that_do_no_harm(sight: Sight) -> None:
    for content in (GOOD.encode() + b"# \xff\n", b"\xef\xbb\xbf" + GOOD.encode(), GOOD.replace("\n", "\r\n").encode()):
        assert texts(sight.judge(sight.filesystem({"app.rb": content}), "ruby3.3")) == []


def test_doubtful_syntax_is_a_warning(sight: Sight) -> None:
    found = sight.judge(sight.filesystem({"app.rb": GOOD + "x = = 1\n"}), "ruby3.3")
    assert [(fault.sort, fault.hit.severity) for fault in found.faults] == [(Sort.SYNTAX, Severity.WARNING)]


def test_bounded(sight: Sight) -> None:
    chain: dict[str, str] = {f"f{n}.rb": f"require_relative 'f{n + 1}'\n" for n in range(20)}
    deep = sight.judge(sight.filesystem({"app.rb": "require_relative 'f0'\n", **chain}), "ruby3.3")
    assert (texts(deep), len(deep.loaded)) == ([], 7)
    large = sight.filesystem({"app.rb": "x = 1\n" * 100_000})
    assert texts(sight.judge(large, "ruby3.3")) == []
    hostile = sight.filesystem({"app.rb": "{" * 100_000})
    assert all(fault.hit.severity is Severity.WARNING for fault in sight.judge(hostile, "ruby3.3").faults)
    nested = sight.filesystem({"app.rb": "module A\n" * 5000 + "end\n" * 5000 + GOOD})
    assert texts(sight.judge(nested, "ruby3.3")) == []


COMPILED = 'Gem::Specification.new do |s|\n  s.name = "mygem"\n  s.extensions = ["ext/mygem/extconf.rb".freeze]\nend\n'


@pytest.mark.parametrize(("built", "why"), [
    ((), "its extension is not built for Linux"),
    (("arm64-darwin-22/3.3.0/mygem-1.0.0",), "its extension is not built for Linux"),
    (("x86_64-linux/3.2.0/mygem-1.0.0",), "its extension is not built for Linux"),
    (("x86_64-linux/3.3.0/mygem-1.0.0",), None),
    (("aarch64-linux-gnu/3.3.0/mygem-1.0.0", "arm64-darwin-22/3.3.0/mygem-1.0.0"), None),
])  # fmt: skip
def test_gems_with_extensions(sight: Sight, built: tuple[str, ...], why: str | None) -> None:
    root = "vendor/bundle/ruby/3.3.0"
    tree: Tree = {
        "app.rb": "require 'mygem'\ndef handler(event:, context:); end\n",
        f"{root}/gems/mygem-1.0.0/lib/mygem.rb": "",
        f"{root}/specifications/mygem-1.0.0.gemspec": COMPILED,
        **{f"{root}/extensions/{place}/gem.build_complete": "" for place in built},
    }
    resolution = sight.judge(sight.filesystem(tree), "ruby3.3")
    if why is None:
        assert not resolution.faults
        assert [node.name for node in resolution.loaded] == ["app.rb", "mygem.rb"]
    else:
        fault = only(resolution)
        assert fault.sort is Sort.IMPORT
        assert why in fault.hit.message
        assert aws(fault) == ("Init<LoadError>", "cannot load such file -- mygem")
