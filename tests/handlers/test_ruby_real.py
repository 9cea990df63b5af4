"""Random small Ruby programs: where an error is claimed, Ruby itself fails."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.handlers.sight import Sight, texts

RUBY = shutil.which("ruby")
pytestmark = [pytest.mark.real, pytest.mark.skipif(RUBY is None, reason="no ruby here")]

#: What the runtime interface client does with a handler, in its order: part the string, require the file, call the method.
CLIENT = """
require 'json'; require 'logger'; require 'net/http'
class LambdaHandler
  def call(owner, name)
    (owner ? Kernel.const_get(owner).method(:send) : method(:__send__)).call(name, event: {}, context: nil)
  end
end
$LOAD_PATH.unshift(Dir.pwd)
file, *owner, name = ARGV[0].split('.')
exit!(3) unless owner.size < 2 && name
begin
  require file
  LambdaHandler.new.call(owner[0], name)
rescue Exception
  exit!(3)
end
exit!(0)
"""

PARAMETERS = ("event:, context:", "event, context", "event", "*a", "**a", "event:", "", "a, event:, context:", "event:, context:, x: 1")
NAMES = ("handler", "run")


def methods() -> st.SearchStrategy[str]:
    head = st.sampled_from(("def ", "def self.", "private def ", "private_class_method def self."))
    return st.builds(
        lambda start, name, parameters: f"{start}{name}({parameters})\n  1\nend\n",
        head, st.sampled_from(NAMES), st.sampled_from(PARAMETERS),
    )  # fmt: skip


def bodies(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    wrap = st.sampled_from((
        "class Foo\n{}end\n", "module Foo\n{}end\n", "class Bar < Foo\n{}end\n", "class << self\n{}end\n", "if true\n{}end\n",
        "module Foo\n  extend self\n{}end\n", "module Foo\n  module_function\n{}end\n", "def outer\n{}end\n", "begin\n{}end\n",
        "class Foo\n  class << self\n{}end\nend\n", "module Foo\n  class Bar\n{}end\nend\n", "Foo = Class.new do\n{}end\n",
        "begin\n{}rescue\nend\n", "[1].each do\n{}end\n", "class Object\n{}end\n", "{}", "{}\nreturn\n", "{}\nundef handler\n",
    ))  # fmt: skip
    return st.builds(lambda shape, parts: shape.format("".join(parts)), wrap, st.lists(inner, max_size=2))


EXTRAS = st.sampled_from((
    "", "outer\n", "include Foo\n", "extend Foo\n", "alias handler run\n", "require 'json'\n", "require 'nosuch'\n",
    "require_relative 'lib/a'\n", "require 'lib/a'\n", "require 'a'\n", "$:.unshift 'lib'\nrequire 'a'\n", "exit\n",
    "require 'nosuch' rescue nil\n", "handler = 1\n", "Foo.class_eval { def self.run(**) = 1 }\n", "end\n", "x = [1\n",
))  # fmt: skip
SOURCES = st.lists(st.one_of(st.recursive(methods(), bodies, max_leaves=4), EXTRAS), max_size=4).map("".join)
HANDLERS = st.sampled_from((
    "app.handler", "app.run", "app.Foo.run", "app.Foo.handler", "app.Bar.run", "app.Foo::Bar.run", "lib/a.handler",
    "a.handler", "app", "app.rb.run", "./app.run", "app.foo.run", "json.handler", "app.puts", "App.run",
))  # fmt: skip


def runs(folder: Path, handler: str) -> bool:
    assert RUBY is not None
    done = subprocess.run([RUBY, "-e", CLIENT, handler], cwd=folder, capture_output=True, timeout=60, check=False)
    return done.returncode == 0


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SOURCES, SOURCES, HANDLERS)
def test_error_means_failure(source: str, other: str, handler: str) -> None:
    tree = {"app.rb": source, "lib/a.rb": other}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sight = Sight(folder)
        resolution = sight.judge(sight.filesystem(tree), "ruby3.2", handler)
        if not any(fault.hit.severity is None for fault in resolution.faults):
            return
        for path, content in tree.items():
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_text(content)
        assert not runs(folder, handler), texts(resolution)
