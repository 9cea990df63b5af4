"""Shapes of Ruby source that real handlers have: what is followed, what is missing, what nobody can tell."""

from __future__ import annotations

import pytest

from lambdalint.handlers import Sort
from tests.handlers.sight import Sight, texts

GOOD = "def handler(event:, context:)\n  1\nend\n"
FOUND, MISSING = "followed", "missing"


@pytest.mark.parametrize(
    ("source", "verdict"),
    [
        ("require File.join(__dir__, 'lib', 'gone')", MISSING), ("require File.join(__dir__, 'lib', 'dep')", FOUND),
        ("require File.join(__dir__, name)", FOUND), ("require File.join(root, 'gone')", FOUND),
        ("require File.expand_path('lib/gone', __dir__)", MISSING), ("require File.expand_path('../gone', __FILE__)", MISSING),
        ("require File.expand_path('gone', __FILE__)", FOUND), ("require File.expand_path('/opt/gone', __dir__)", FOUND),
        ("require File.expand_path('~/gone', __dir__)", FOUND), ("require File.expand_path(\"#{a}/gone\", __dir__)", FOUND),
        ("require File.expand_path('gone', other)", FOUND), ("require File.dirname('gone')", FOUND), ("require find('gone')", FOUND),
        ("require Gem.join('gone')", FOUND), ("require \"lib/#{name}\"", FOUND), ("require_relative 'gone'", MISSING),
        ("require_relative 'lib/dep'", FOUND), ("load File.join(__dir__, 'gone.rb')", FOUND),
    ],
)  # fmt: skip
def test_what_is_required(sight: Sight, source: str, verdict: str) -> None:
    resolution = sight.judge(sight.filesystem({"app.rb": f"{source}\n{GOOD}", "lib/dep.rb": "X = 1\n"}), "ruby3.3")
    assert [sort for sort, _ in texts(resolution)] == ([] if verdict is FOUND else [Sort.IMPORT])


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("class B; end\nclass A < B; end", False), ("class A < Struct.new(:x); end", True), ("class A < Gone; end", True),
        ("class B\n  def self.run(event:, context:) = 1\nend\nclass A < ::B; end", True),
        ("module M\n  class B; end\n  class C < B; end\nend\nclass A < M::C; end", False),
        ("class A < A; end", True), ("class A < Object; end", False), ("class A\n  include Comparable\nend", False),
        ("class A\n  include Helper\nend", True), ("class A\n  extend Helper\nend", True), ("A = Struct.new(:x)", True),
        ("class A\n  def run(event:, context:) = 1\nend", False), ("class A\n  define_method(:run) { 1 }\nend", True),
        ("class A\n  def setup\n    def run(event:, context:) = 1\n  end\nend", False),
        ("class A\n  class << self\n    attr_accessor :run\n  end\nend", True),
        ("module M\n  def run(event:, context:) = 1\nend\nclass A; end\nA.extend(M)", True),
        ("class A; end\n[1].include?(2)", False),
    ],
)  # fmt: skip
def test_where_a_class_has_its_methods_from(sight: Sight, source: str, found: bool) -> None:
    resolution = sight.judge(sight.filesystem({"app.rb": f"{source}\n"}), "ruby3.3", "app.A.run")
    assert [sort for sort, _ in texts(resolution)] == ([] if found else [Sort.MEMBER])
