"""The bridge to the rules: in a wheel they lie beside this file, in a checkout in the top-level ``rules/``."""

import os as _os

_here = _os.path.dirname(__file__)
_checkout = _os.path.join(_os.path.dirname(_os.path.dirname(_here)), "rules")
try:
    _shipped = any(name.startswith("ll") for name in _os.listdir(_here))
except OSError:  # a zipapp: the rules were put beside this file when it was built
    _shipped = True
if not _shipped and _os.path.isdir(_checkout):
    __path__.append(_checkout)
