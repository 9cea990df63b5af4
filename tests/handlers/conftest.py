from pathlib import Path

import pytest

from tests.handlers.sight import Sight


@pytest.fixture
def sight(tmp_path: Path) -> Sight:
    return Sight(tmp_path)
