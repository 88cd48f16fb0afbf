"""Language, and reports of any text: none fails, none is slow."""

from __future__ import annotations

import time
from datetime import timedelta

from hand_made import TODAY, Put, broker_page, page, read
from hypothesis import given
from hypothesis import strategies as st

from rag.domain import Metadata


def test_language() -> None:
    assert read(broker_page()).language == "zh"
    assert read(page(Put("Volumes recover as inventories normalise. " * 5, 300))).language == "en"
    assert read(name="乳业展望.pdf").language == "zh"
    assert read(name="scan.pdf").language == "en"


def test_no_pages() -> None:
    assert read(name="云岭.pdf") == Metadata("云岭", None, None, "zh")


def test_page_text_cannot_make_it_slow() -> None:
    start = time.perf_counter()
    for text in ("评级" * 400 + "x", "证券研究报告" * 300 + "x", "A&" * 400, "(" * 800, "Acme " * 300 + "(NYSE"):
        read(page(Put(text, 60, 20), Put(text, 300)))
    assert time.perf_counter() - start < 10


@given(st.lists(st.text(max_size=30), max_size=6), st.text(max_size=20))
def test_any_page_gives_metadata(texts: list[str], name: str) -> None:
    found = read(page(*(Put(t.replace("\r", ""), 50.0 * i, 8.0 + i) for i, t in enumerate(texts))), name=name or "x")
    assert found.published is None or found.published <= TODAY + timedelta(days=1)
