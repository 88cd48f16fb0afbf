"""Language, and reports of any text: none fails, none is slow."""

from __future__ import annotations

import time
from dataclasses import fields, replace
from datetime import date, timedelta

from hand_made import TODAY, Put, broker_page, page, read
from hypothesis import example, given
from hypothesis import strategies as st

from rag.domain import Metadata


def test_language() -> None:
    assert read(broker_page()).language == "zh"
    assert read(page(Put("Volumes recover as inventories normalise. " * 5, 300))).language == "en"
    assert read(name="乳业展望.pdf").language == "zh"
    assert read(name="scan.pdf").language == "en"


def test_no_pages() -> None:
    found = read(name="云岭.pdf")
    assert replace(found, facts=()) == Metadata("云岭", None, None, "zh")
    assert [(one.name, one.origin) for one in found.facts] == [("title", "file name"), ("language", "file name")]


HARD = (
    "评级" * 400 + "x",
    "维持评级" * 200 + "x",
    "证券研究报告" * 300 + "x",
    "A&" * 400,
    "(" * 800,
    "Acme " * 300 + "(NYSE",
    "给予" * 300 + "买入",
    "目标价" * 300,
    "分析师：" * 200 + "张",
    "张三 " * 300,
    "a.b-" * 300 + "@",
    "Jane " * 300,
    "fiscal 2020 " * 200 + "ended",
    "$\\alpha_{" * 200,
    "2024年" * 300 + "报告",
    "600999.SH（" * 150,
)


def test_page_text_cannot_make_it_slow() -> None:
    start = time.perf_counter()
    for text in HARD:
        read(page(Put(text, 60, 20), Put(text, 300), Put("FORM 10-K SECURITIES AND EXCHANGE COMMISSION " + text, 400)))
        read(page(*(Put(text[i : i + 60], 20 + i / 2, 9) for i in range(0, 600, 60))))
    assert time.perf_counter() - start < 20


@example(texts=["#"], name="")
@given(st.lists(st.text(max_size=30), max_size=6), st.text(max_size=20))
def test_any_page_gives_metadata_with_a_fact_for_every_known_field(texts: list[str], name: str) -> None:
    found = read(page(*(Put(t.replace("\r", ""), 50.0 * i, 8.0 + i) for i, t in enumerate(texts))), name=name or "x")
    assert found.published is None or found.published <= TODAY + timedelta(days=1)
    known = {f.name: getattr(found, f.name) for f in fields(found) if f.name != "facts" and getattr(found, f.name)}
    assert {one.name: one.value for one in found.facts} == {key: written(value) for key, value in known.items()}
    assert all(0 <= one.confidence < 1 for one in found.facts)


def written(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return "; ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def test_a_bank_publishes_its_own_results() -> None:
    text = "Goldman Sachs (NYSE: GS) today reported net revenues, net earnings and earnings per share. " * 4
    first = page(
        Put("Goldman Sachs Reports First Quarter 2023 Results", 60, 20), Put("Press release", 20), Put(text, 300)
    )
    found = read(first)
    assert (found.type, found.form, found.fiscal_period) == ("news release", "earnings release", "Q1 2023")
