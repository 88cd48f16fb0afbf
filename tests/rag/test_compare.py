"""A comparison over a real small index: views by publisher and date, none where nothing is said, what differs, what moved."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from made_corpus import ingested
from scripted_llm import say, status

from rag.comparison import Comparison, View
from rag.config import Settings
from rag.domain import Filter
from rag.errors import ConfigurationError, UsageError
from rag.llm import OpenAIChat
from rag.ports import Embedder
from rag.service import Service
from rag.writer import LlmWriter

TEA = {"company": "云岭茶业"}
REPORTS: dict[str, tuple[dict[str, str], list[str]]] = {
    "a1": (
        {"publisher": "海岳证券", "published": "2025-02-10", "rating": "增持", "target_price": "12元", **TEA},
        ["云岭茶业首次覆盖", "我们预计公司2025-2026年净利润分别为1.20、1.50亿元。云岭茶业毛利率有望提升。"],
    ),
    "a2": (
        {"publisher": "海岳证券", "published": "2025-08-20", "rating": "买入", "target_price": "15元", **TEA},
        ["云岭茶业中报点评", "我们预计公司2025-2026年净利润分别为1.32、1.70亿元。云岭茶业春茶销量创下新高。"],
    ),
    "b1": (
        {"publisher": "华岭证券", "published": "2025-09-01", "rating": "中性", **TEA},
        ["云岭茶业跟踪报告", "我们预计公司2025-2026年净利润分别为1.32、1.61亿元。云岭茶业毛利率将会下降。"],
    ),
    "c1": (
        {"publisher": "Tarnwick Securities", "published": "2025-05-05"},
        [
            "European grid transformers",
            "Transformer lead times in Europe reached 120 weeks in 2024. We expect prices to rise.",
        ],
    ),
}


@pytest.fixture(scope="module")
def desk(
    tmp_path_factory: pytest.TempPathFactory,
    model_folder: Path,
    embedder: Embedder,
    make_pdf: Callable[..., Path],
) -> Iterator[Service]:
    """Four reports of three publishers; two on one company by one of them."""
    folder = tmp_path_factory.mktemp("desk")
    for name, (said, pages) in REPORTS.items():
        make_pdf(folder / f"{name}.pdf", pages)
        (folder / f"{name}.json").write_text(json.dumps(said, ensure_ascii=False), "utf-8")
    settings = Settings(data_dir=folder / "data", embed_model=str(model_folder), ocr="never", layout="never")
    with ingested(settings, [folder], embedder) as service:
        yield service


def views(made: Comparison) -> dict[str, View]:
    return {view.side: view for view in made.views}


def test_each_publisher_has_its_view_by_date_and_the_silent_one_is_named(desk: Service) -> None:
    made = desk.comparer.compare("云岭茶业 净利润")
    found = views(made)
    assert made.basis == "publisher"
    assert [stance.report.published.isoformat() for stance in found["海岳证券"].stances if stance.report.published] == [
        "2025-02-10",
        "2025-08-20",
    ]
    assert "1.61亿元" in " ".join(s.text for stance in found["华岭证券"].stances for s in stance.sentences)
    assert "Tarnwick Securities" not in found or found["Tarnwick Securities"].reason
    for view in made.views:
        for stance in view.stances:
            for sentence in stance.sentences:
                (citation,) = sentence.citations
                assert citation.report_id == stance.report.id
                assert citation.quote in desk.catalog.page(citation.report_id, citation.page).text


def test_ratings_and_targets_that_changed(desk: Service) -> None:
    view = views(desk.comparer.compare("云岭茶业 净利润"))["海岳证券"]
    assert [(change.field, change.was, change.now) for change in view.changes] == [
        ("rating", "增持", "买入"),
        ("target_price", "12元", "15元"),
    ]


def test_figures_of_the_newest_reports_stand_side_by_side(desk: Service) -> None:
    made = desk.comparer.compare("云岭茶业 净利润")
    (same,) = made.agreements
    assert (same.relation, same.period, {claim.side for claim in same.claims}) == (
        "same figure",
        "2025",
        {"海岳证券", "华岭证券"},
    )
    (other,) = made.differences
    assert (other.relation, other.subject, other.period) == ("different figures", "云岭茶业 净利润", "2026")
    assert [(claim.side, claim.says) for claim in other.claims] == [("海岳证券", "1.70亿元"), ("华岭证券", "1.61亿元")]
    assert all(claim.sentence.citations for claim in other.claims)


def test_what_a_publisher_said_before_is_how_it_moved(desk: Service) -> None:
    moved = views(desk.comparer.compare("云岭茶业 净利润"))["海岳证券"].moved
    assert [(one.period, [claim.says for claim in one.claims]) for one in moved] == [
        ("2025", ["1.20亿元", "1.32亿元"]),
        ("2026", ["1.50亿元", "1.70亿元"]),
    ]


def test_a_side_that_is_quoted_is_never_without_a_view(desk: Service) -> None:
    for topic in ("云岭茶业2025年盈利预测", "云岭茶业 净利润", "云岭茶业毛利率"):
        made = desk.comparer.compare(topic)
        quoted = {claim.side for one in (*made.agreements, *made.differences) for claim in one.claims}
        assert quoted, topic
        for view in made.views:
            assert bool(view.stances) == (view.reason is None)
            assert view.side not in quoted or view.stances, topic


def test_opposite_directions(desk: Service) -> None:
    made = desk.comparer.compare("云岭茶业毛利率")
    (opposite,) = made.differences
    assert opposite.relation == "opposite directions"
    assert {claim.side: claim.says for claim in opposite.claims} == {"海岳证券": "up", "华岭证券": "down"}


def test_publishers_that_are_named_are_the_sides(desk: Service) -> None:
    made = desk.comparer.compare("云岭茶业净利润", names=("华岭证券", "高盛"))
    assert [view.side for view in made.views] == ["华岭证券", "高盛"]
    assert made.views[1].reason is not None
    assert "高盛" in made.views[1].reason
    by_topic = desk.comparer.compare("海岳证券和Tarnwick Securities对云岭茶业净利润的看法")
    assert {view.side for view in by_topic.views} == {"海岳证券", "Tarnwick Securities"}


def test_limits_hold(desk: Service) -> None:
    since = desk.catalog.report(next(iter(desk.catalog.reports())).id).published
    made = desk.comparer.compare("云岭茶业净利润", Filter(since=since))
    assert [view.side for view in made.views if view.stances] == ["华岭证券"]
    assert not made.differences


def test_bad_input(desk: Service) -> None:
    with pytest.raises(UsageError, match="empty"):
        desk.comparer.compare("  ")
    with pytest.raises(UsageError, match="has a publisher"):
        desk.comparer.compare("云岭茶业", Filter(publishers=("高盛",)))
    with pytest.raises(ConfigurationError, match="no LLM"):
        desk.comparer.compare("云岭茶业", writer="llm")


def test_what_an_llm_writes_is_checked_and_its_failure_is_told(desk: Service, llm_server: Any) -> None:
    chat = OpenAIChat(base_url=llm_server.url, model="scripted", deadline_s=20, retries=0, first_pause_s=0.01)
    comparer = replace(desk.comparer, llm=LlmWriter(chat, 4000))
    llm_server.play(say("预计公司2025-2026年净利润分别为1.32、1.61亿元。\n预计公司2026年净利润为9.99亿元。"))
    made = comparer.compare("云岭茶业净利润", names=("华岭证券",))
    assert made.writer == "llm"
    assert [s.text for stance in made.views[0].stances for s in stance.sentences] == [
        "预计公司2025-2026年净利润分别为1.32、1.61亿元。"
    ]
    llm_server.play(status(400))
    made = comparer.compare("云岭茶业净利润", names=("华岭证券",))
    assert made.writer == "extractive"
    assert any("语言模型不可用" in notice for notice in made.notices)


def test_companies_are_the_sides_where_a_topic_names_several(
    tmp_path: Path, model_folder: Path, embedder: Embedder, make_pdf: Callable[..., Path]
) -> None:
    for name, company, margin in (("k", "Kelpworks Inc", "41%"), ("o", "Orrindale Diagnostics", "63%")):
        make_pdf(
            tmp_path / f"{name}.pdf",
            [f"Annual report of {company}", f"The company's gross margin was {margin} in 2024."],
        )
        (tmp_path / f"{name}.json").write_text(json.dumps({"company": company, "published": "2025-03-01"}), "utf-8")
    settings = Settings(data_dir=tmp_path / "data", embed_model=str(model_folder), ocr="never", layout="never")
    with ingested(settings, [tmp_path / "k.pdf", tmp_path / "o.pdf"], embedder) as service:
        made = service.comparer.compare("gross margin of Kelpworks and Orrindale Diagnostics")
        with pytest.raises(UsageError, match="none of the 2 reports has a publisher"):
            service.comparer.compare("gross margin")
    assert made.basis == "company"
    assert {view.side for view in made.views if view.stances} == {"Kelpworks Inc", "Orrindale Diagnostics"}
    (other,) = made.differences
    assert {claim.side: claim.says for claim in other.claims} == {
        "Kelpworks Inc": "41%",
        "Orrindale Diagnostics": "63%",
    }
