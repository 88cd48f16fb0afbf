"""What `make accept` asks a thousand times, asked forty times."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from deletes import ask_while_deleting, marks, traces_left, traces_on_disk, upload_all
from served import serving
from supervised import yard

from rag.config import Settings
from rag.store.edge import EdgeStore

YARDS = [yard(number, 3) for number in range(3)]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, model_folder: Path) -> Iterator[Settings]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"), embed_model=str(model_folder), digests="asked")
    yield settings
    EdgeStore(settings.data_dir / "index").shutdown_engine()


@pytest.fixture(scope="module")
def url(settings: Settings) -> Iterator[str]:
    with serving(settings) as url:
        with httpx.Client(base_url=url, timeout=60) as client:
            assert list(upload_all(client, YARDS)) == []
        yield url


def test_traces_are_seen_where_there_are_some(url: str, settings: Settings) -> None:
    with httpx.Client(base_url=url, timeout=60) as client:
        left = list(traces_left(client, YARDS[0], set(), "0" * 32))
    assert f"GET /v1/reports/{YARDS[0].id}/pages/0.png: HTTP 200" in left
    assert f"GET /v1/reports: {YARDS[0].id}" in left
    on_disk = list(traces_on_disk(settings.data_dir, YARDS[0]))
    assert f"table pages: {marks(YARDS[0])[-1]}" in on_disk
    assert sum(trace.startswith("file files/") for trace in on_disk) == 1


def test_nothing_names_a_report_once_its_delete_has_returned(url: str, settings: Settings) -> None:
    asked = ask_while_deleting(url, YARDS[1], 40)
    assert asked.traces == []
    assert list(traces_on_disk(settings.data_dir, YARDS[1])) == []
    assert asked.named >= 1
    assert asked.late >= 16
    assert len(asked.kept) >= 2
    with httpx.Client(base_url=url, timeout=60) as client:
        assert list(upload_all(client, [YARDS[1]])) == []
        assert {client.get(f"/v1/answers/{kept}").status_code for kept in asked.kept} == {404}
