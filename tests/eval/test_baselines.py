"""Stock rankings over a small catalog: each finds the page whose words it can read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from eval.baselines import (
    Bm25sRanker,
    OkapiRanker,
    Unit,
    builders,
    chunk_units,
    fuse_ranks,
    jieba_words,
    page_units,
    whitespace,
)
from rag.service import Service
from rag.sparse import bigrams

Fixture = Any
ENGLISH = [
    Unit(("a", 0), "trams were delivered in spring"),
    Unit(("a", 1), "the margin of salmon farms"),
    Unit(("b", 0), "kelp prices rose in the north"),
    Unit(("b", 1), "gates of the canal lock"),
]
CHINESE = [
    Unit(("a", 0), "云岭茶业春茶产量增长"),
    Unit(("a", 1), "矿泉水销量下降明显"),
    Unit(("b", 0), "风电设备检修时间"),
    Unit(("b", 1), "水运船闸需要新门"),
]


@pytest.mark.parametrize("make", [lambda units: OkapiRanker(units, whitespace), Bm25sRanker], ids=["okapi", "bm25s"])
def test_english_words_are_found(make: Fixture) -> None:
    assert make(ENGLISH).rank("KELP prices")[0] == ("b", 0)
    assert make(ENGLISH).rank("zeppelin") == []


@pytest.mark.parametrize("make", [lambda units: OkapiRanker(units, whitespace), Bm25sRanker], ids=["okapi", "bm25s"])
def test_chinese_is_one_word_to_what_splits_at_blanks(make: Fixture) -> None:
    assert make(CHINESE).rank("春茶产量") == []
    assert make(CHINESE).rank("") == []


@pytest.mark.parametrize("tokenise", [jieba_words, bigrams])
def test_chinese_is_found_by_words_and_by_bigrams(tokenise: Fixture) -> None:
    assert OkapiRanker(CHINESE, tokenise).rank("春茶产量")[0] == ("a", 0)


def test_ties_keep_the_order_of_the_units() -> None:
    units = [Unit(("a", 0), "one two"), Unit(("b", 0), "one two"), *ENGLISH]
    assert OkapiRanker(units, whitespace).rank("two") == [("a", 0), ("b", 0)]


def test_fused_ranks() -> None:
    # x: 1/62 + 1/61; y: 1/61; z: 1/62; w: 1/62, after z? no: ties by id, w before z
    assert fuse_ranks([["y", "x", "w"], ["x", "z"]]) == ["x", "y", "z", "w"]
    assert fuse_ranks([["b"], ["a"]]) == ["a", "b"]
    assert fuse_ranks([[], []]) == []


# --- over a catalog --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Opened:
    service: Service
    said: list[str]


@pytest.fixture(scope="module")
def opened(eval_set: Fixture) -> Iterator[Opened]:
    service = Service(eval_set.own)
    yield Opened(service, [])
    service.close()


def test_units_are_pages_and_chunks_of_the_catalog(opened: Opened) -> None:
    pages, chunks = list(page_units(opened.service)), list(chunk_units(opened.service))
    assert len({unit.key for unit in pages}) == len(pages) == 5
    assert {unit.key for unit in chunks} == {unit.key for unit in pages}
    assert len(chunks) == opened.service.catalog.counts()[2]
    assert any("14,250 crowns" in unit.text for unit in pages)


def test_every_baseline_finds_the_page(opened: Opened) -> None:
    made = builders(opened.service, opened.said.append)
    assert list(made) == [
        "page BM25, bigrams",
        "rank-bm25, whitespace",
        "rank-bm25, jieba",
        "bm25s",
        "dense",
        "RRF of dense and BM25",
        "llama-index",
    ]
    salmon = next(report.id for report in opened.service.catalog.reports() if "almon" in report.title)
    for name, build in made.items():
        ranking = build().rank("What does a ton of salmon feed cost in crowns?")
        assert ranking[0] == (salmon, 1), name
    assert opened.said == []


def test_without_bm25s_the_rest_goes_on(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eval.baselines.find_spec", lambda name: None)
    said: list[str] = []
    assert "bm25s" not in builders(opened.service, said.append)
    assert said == ["bm25s is not installed: its baseline is left out (pip install 'report-rag[dev]')"]
