"""Real reports with labelled questions, given by DATA_DIR; without it these tests are skipped."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in Path(item.fspath).parents:
            item.add_marker(pytest.mark.data)
            item.add_marker(pytest.mark.skipif("DATA_DIR" not in os.environ, reason="DATA_DIR is not set"))


@pytest.fixture(scope="session")
def data() -> Path:
    return Path(os.environ["DATA_DIR"])
