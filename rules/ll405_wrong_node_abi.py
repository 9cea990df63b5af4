"""A Node.js addon for another version of Node.js.

An addon that does not use Node-API works with one major version of Node.js only: ``Error: The module
'/var/task/node_modules/.../addon.node' was compiled against a different Node.js version using NODE_MODULE_VERSION 83``, or
``Module did not self-register: '/var/task/node_modules/.../addon.node'``.

Fix: run ``npm rebuild`` under the runtime's version of Node.js on Linux, or update to a release that uses Node-API.

Source: https://nodejs.org/api/addons.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdalint import Hit, Phase, Severity, rule
from lambdalint.binaries.reason import Reason

if TYPE_CHECKING:
    from lambdalint import Slots


@rule("LL405", "wrong-node-abi", Severity.ERROR, Phase.INIT)
def wrong_node_abi(slots: Slots) -> Iterator[Hit]:
    yield from slots.of(Reason.ADDON)
