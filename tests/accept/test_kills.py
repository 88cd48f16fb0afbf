"""That the checks of tests/accept/kills.py see a loss where there is one; the kills themselves run with `make accept`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from deletes import upload_all
from kills import disagreements, halves
from served import serving
from supervised import Yard, yard

from rag.catalog import open_catalog
from rag.config import Settings
from rag.store.edge import EdgeStore

HELD = yard(7, 3)


@pytest.fixture
def settings(tmp_path: Path, model_folder: Path) -> Iterator[Settings]:
    settings = Settings(data_dir=tmp_path / "data", embed_model=str(model_folder), digests="asked")
    yield settings
    EdgeStore(settings.data_dir / "index").shutdown_engine()


def test_a_report_that_is_not_whole_is_told(settings: Settings) -> None:
    with serving(settings) as url, httpx.Client(base_url=url, timeout=60) as client:
        assert list(upload_all(client, [HELD])) == []
        assert [*halves(client, HELD), *disagreements(settings.data_dir)] == []
        longer = Yard(HELD.name, 4, HELD.first)
        object.__setattr__(longer, "pdf", HELD.pdf)
        assert "page 3 of report" in "\n".join(halves(client, longer))

        store = EdgeStore(settings.data_dir / "index")
        store.delete_report(HELD.id)
        store.close()
        assert f"page 2 of report {HELD.id} cannot be found" in list(halves(client, HELD))
        assert list(disagreements(settings.data_dir)) == ["the index lacks: 6 points"]

        with open_catalog(settings.catalog_url, settings.data_dir) as catalog:
            catalog.hide(HELD.id)
        assert list(disagreements(settings.data_dir)) == [f"reports {HELD.id} are half in or half out"]
