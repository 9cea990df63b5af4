"""A linter for AWS Lambda deployment packages: says before the deploy what AWS would reject or what would crash.

The public face; each name is loaded on first use. Nothing else is public.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lambdalint.aws.runtimes import Runtime
    from lambdalint.binaries.judgement import Slots
    from lambdalint.binaries.linkage import Links
    from lambdalint.binaries.missing import Platforms
    from lambdalint.binaries.natives import Natives
    from lambdalint.binaries.wheels import Wheels
    from lambdalint.book import Rule, rule
    from lambdalint.contents import Contents
    from lambdalint.engine import lint
    from lambdalint.extensions import Extensions
    from lambdalint.filesystem import Filesystem
    from lambdalint.function import Environment, Function, Handler
    from lambdalint.handlers import Resolution
    from lambdalint.image import Image
    from lambdalint.layers import Layout
    from lambdalint.model import (
        Archive,
        Aws,
        Entry,
        Form,
        Hit,
        Kind,
        Lacking,
        NotApplicable,
        Package,
        Phase,
        Role,
        Severity,
        UnreadablePackage,
    )  # fmt: skip
    from lambdalint.readers import open_package
    from lambdalint.report import Finding, Report
    from lambdalint.scope import Scope
    from lambdalint.shadows import Shadows
    from lambdalint.sizes import Sizes
    from lambdalint.startup import Startup
    from lambdalint.surely import Surely
    from lambdalint.target import Target

_HOMES = {
    "Archive": "model", "Aws": "model", "Contents": "contents", "Entry": "model", "Environment": "function",
    "Extensions": "extensions", "Filesystem": "filesystem", "Finding": "report", "Form": "model", "Function": "function",
    "Handler": "function", "Hit": "model", "Image": "image", "Kind": "model", "Lacking": "model", "Layout": "layers",
    "Links": "binaries.linkage", "Natives": "binaries.natives", "NotApplicable": "model", "Package": "model", "Phase": "model",
    "Platforms": "binaries.missing", "Report": "report", "Resolution": "handlers", "Role": "model", "Rule": "book",
    "Runtime": "aws.runtimes", "Scope": "scope", "Severity": "model", "Shadows": "shadows", "Sizes": "sizes",
    "Slots": "binaries.judgement", "Startup": "startup", "Surely": "surely", "Target": "target", "UnreadablePackage": "model",
    "Wheels": "binaries.wheels", "lint": "engine", "open_package": "readers", "rule": "book",
}  # fmt: skip

# Written out, since type checkers read it; a test holds it to the homes above.
__all__ = [
    "Archive", "Aws", "Contents", "Entry", "Environment", "Extensions", "Filesystem", "Finding", "Form", "Function", "Handler",
    "Hit", "Image", "Kind", "Lacking", "Layout", "Links", "Natives", "NotApplicable", "Package", "Phase", "Platforms", "Report",
    "Resolution", "Role", "Rule", "Runtime", "Scope", "Severity", "Shadows", "Sizes", "Slots", "Startup", "Surely", "Target",
    "UnreadablePackage", "Wheels", "lint", "open_package", "rule",
]  # fmt: skip


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'lambdalint' has no attribute {name!r}")
    import importlib

    value: object = getattr(importlib.import_module(f"lambdalint.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
