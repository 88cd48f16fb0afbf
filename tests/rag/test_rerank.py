"""The contract of every reranker, and what is made of its scores. The model is a tiny one with random weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.config import Settings
from rag.domain import Chunk, LegScore, Passage, Report
from rag.errors import ConfigurationError
from rag.ports import Reranker
from rag.rerank import CrossEncoderReranker, rerank
from rag.service import Service

WORDS = [
    "kelp",
    "harvest",
    "rose",
    "fell",
    "tonnes",
    "barge",
    "lock",
    "gates",
    "海",
    "带",
    "产",
    "量",
    "上",
    "升",
    "premium",
    "of",
    "the",
    "in",
]
TEXTS = [" ".join(WORDS[i % 7 : i % 7 + 1 + i % 5]) for i in range(20)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_model(tmp_path_factory.mktemp("reranker"), labels=1)


def save_model(folder: Path, labels: int) -> Path:
    """A BERT of one layer with random weights, as sentence-transformers reads it."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    vocabulary = folder / "vocab.txt"
    vocabulary.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS]), "utf-8")
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=5 + len(WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        num_labels=labels,
        initializer_range=0.5,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizer(str(vocabulary)).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module", params=["cross-encoder"])
def reranker(request: pytest.FixtureRequest, folder: Path) -> Reranker:
    """Each implementation of the port, with time enough."""
    return CrossEncoderReranker(str(folder), budget_s=60.0, batch=4)


def test_one_score_a_text_whatever_stands_beside_it(reranker: Reranker) -> None:
    scores = reranker.score("kelp harvest", TEXTS)
    assert len(scores) == len(TEXTS)
    assert len({round(score, 4) for score in scores}) > 3
    assert reranker.score("kelp harvest", TEXTS[::-1]) == pytest.approx(scores[::-1], abs=1e-5)
    assert reranker.score("kelp harvest", TEXTS[3:4]) == pytest.approx(scores[3:4], abs=1e-5)
    assert reranker.score("kelp harvest", []) == []


def test_a_spent_budget_leaves_the_last_texts_without_a_score(folder: Path) -> None:
    whole = CrossEncoderReranker(str(folder), budget_s=60.0, batch=4).score("kelp", TEXTS)
    some = CrossEncoderReranker(str(folder), budget_s=1e-9, batch=4).score("kelp", TEXTS)
    assert some == pytest.approx(whole[:4], abs=1e-5)


def test_a_model_that_cannot_be_loaded_names_its_setting(tmp_path: Path) -> None:
    for name in (str(tmp_path), str(tmp_path / "none")):
        with pytest.raises(ConfigurationError, match="REPORT_RAG_RERANK_MODEL"):
            CrossEncoderReranker(name, budget_s=1.0).score("kelp", TEXTS)


def test_a_classifier_of_several_classes_is_no_reranker(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="3 figures a pair"):
        CrossEncoderReranker(str(save_model(tmp_path, labels=3)), budget_s=1.0).score("kelp", TEXTS)


def test_no_model_is_the_default(tmp_path: Path, folder: Path) -> None:
    assert Service(Settings(data_dir=tmp_path)).reranker is None
    assert isinstance(Service(Settings(data_dir=tmp_path, rerank_model=str(folder))).reranker, CrossEncoderReranker)


# --- the order -------------------------------------------------------------------------------------------------------

REPORT = Report(
    id="a" * 16,
    sha256="a" * 64,
    title="Kelp",
    publisher=None,
    published=date(2025, 3, 12),
    language="en",
    page_count=1,
    sources=("a.pdf",),
    added=datetime(2026, 1, 1, tzinfo=UTC),
)


def passages(count: int) -> list[Passage]:
    legs = (LegScore("bm25", 1, 1.0, 1.0),)
    return [
        Passage(Chunk(f"c-{i}", REPORT.id, i, 0, f"text {i}", ()), REPORT, None, round(2.0 - i / 8, 6), legs)
        for i in range(count)
    ]


class Scripted:
    """Gives the scores it was made with, at most one a text."""

    def __init__(self, scores: Sequence[float]) -> None:
        self.scores = scores

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        assert all(text.startswith("Kelp 2025-03-12\ntext") for text in texts)
        return list(self.scores[: len(texts)])


def test_what_was_scored_is_reordered_and_the_rest_stays_below() -> None:
    order = rerank("q", passages(5), Scripted([0.1, 0.9, 0.5]), first=4)
    assert [p.chunk.page for p in order] == [1, 2, 0, 3, 4]
    assert [p.score for p in order] == [p.score for p in passages(5)]
    assert order[0].legs[-1] == LegScore("rerank", 1, 0.9, 0.125)
    assert order[2].legs[-1] == LegScore("rerank", 3, 0.1, -0.25)
    assert len(order[3].legs) == 1


@given(st.lists(st.floats(-5, 5), max_size=8), st.integers(0, 8), st.integers(1, 10))
def test_nothing_is_lost_and_scores_fall(scores: list[float], count: int, first: int) -> None:
    found = passages(count)
    order = rerank("q", found, Scripted(scores), first)
    assert {p.chunk.id for p in order} == {p.chunk.id for p in found}
    assert [p.score for p in order] == sorted((p.score for p in order), reverse=True)
    scored = min(len(scores), first, count)
    assert order[scored:] == found[scored:]
    for passage in order[:scored]:
        assert passage.score == pytest.approx(
            next(p.score for p in found if p.chunk.id == passage.chunk.id) + passage.legs[-1].share
        )
    assert rerank("q", [replace(p) for p in found], Scripted(scores), first) == order


def test_a_service_with_a_model_reorders_what_it_finds(small: Service, folder: Path) -> None:
    other = Service(small.settings.model_copy(update={"rerank_model": str(folder), "rerank_first": 4}))
    other.embedder, other.store, other.catalog = small.embedder, small.store, small.catalog
    plain = small.retriever.retrieve("kelp harvest in tonnes", limit=20).passages
    found = other.retriever.retrieve("kelp harvest in tonnes", limit=20).passages
    assert {p.chunk.id for p in found[:4]} == {p.chunk.id for p in plain[:4]}
    assert [p.chunk.id for p in found[4:]] == [p.chunk.id for p in plain[4:]]
    by_model = [next(leg.score for leg in p.legs if leg.leg == "rerank") for p in found[:4]]
    assert by_model == sorted(by_model, reverse=True)
    assert len(other.retriever.retrieve("kelp harvest in tonnes", limit=1).passages) == 1
