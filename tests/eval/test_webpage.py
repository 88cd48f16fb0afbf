"""The page of a run: whole, well-formed, with nothing from elsewhere, and with data that stays data."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from eval.bootstrap import Difference, Estimate
from eval.metrics import figures
from eval.plot import bars
from eval.report import BaselineRun, Silence
from eval.webpage import run_page

Fixture = Any
A, B = "a" * 16, "b" * 16
EVIL = '<script>alert(1)</script><img src=x onerror="go()"> & \''
VOID = {"meta", "br", "line", "rect"}


class _Reader(HTMLParser):
    """Tags, attributes and text; every tag must be closed in its order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.fixture
def page(make_run: Fixture, make_asked: Fixture) -> str:
    evil = make_asked("q<1>", [(B, 0), (A, 1)], question=EVIL, report=EVIL, type=EVIL)
    questions = (
        replace(evil, top=tuple(replace(one, title=EVIL) for one in evil.top)),
        make_asked("q2", [(A, 1)]),
        make_asked("q3", []),
        make_asked("no", [(B, 0)], answerable=False, places={}, given={}),
    )
    at = {one.id: one.places for one in questions if one.answerable}
    judged = [one.judged(at[one.id]) for one in questions if one.answerable]
    return run_page(
        make_run(
            "run",
            *questions,
            name=EVIL,
            failures=(EVIL,),
            settings={EVIL: EVIL},
            baselines=(
                BaselineRun(
                    EVIL, figures(judged), {"report": {}, "page": {"Success@1": Difference(0.25, -0.1, 0.5, 0.2)}}, at
                ),
            ),
            silence=Silence(0.9, 0.4, 0.75),
        )
    )


def test_data_stays_data(page: str) -> None:
    read = _Reader(page)
    assert read.open == []
    assert not {"script", "img", "link", "iframe"} & set(read.tags)
    assert not [name for name, _ in read.attributes if name.startswith("on") or name in ("src", "href")]
    assert sum(EVIL in text for text in read.texts) >= 8


def test_nothing_comes_from_elsewhere(page: str) -> None:
    assert re.findall(r"https?:|@import|url\(", page) == []
    assert "prefers-color-scheme: dark" in page


def test_every_question_has_its_rank_page_and_reasons(page: str) -> None:
    assert page.count("<details>") == 4
    ranks = re.findall(r'<span class="rank (\w*)">([^<]+)</span>', page)
    assert ranks == [("", "2"), ("first", "1"), ("late", "–"), ("", "–")]
    assert "dense 0.50 (rank 1), bm25 0.25 (rank 2)" in page
    assert "a.pdf [page::1]; with the report given, rank 1" in page
    assert "a.pdf [page::1]; with the report given, rank –" in page
    assert "No report answers it." in page
    assert page.count("<tr class=gold>") == 2


def test_figures_stand_with_their_intervals(page: str) -> None:
    # page Success@1: one of three
    assert re.search(r"0\.333<br><small>0\.000–1\.000</small>", page)
    assert page.count("<svg") == 1
    assert "+0.250<br><small>-0.100 to +0.500, touches zero</small>" in page


def test_a_bar_is_as_long_as_its_figure() -> None:
    plot = bars("x", [("ours", Estimate(0.5, 0.25, 0.75)), ("other", Estimate(0.0, 0.0, 0.0))])
    assert 'class="ours" x="190" y="12" width="210.0"' in plot
    assert '<line class="interval" x1="295.0" y1="19" x2="505.0" y2="19"/>' in plot
    assert 'class="other" x="190" y="38" width="0.0"' in plot


def test_without_baselines_there_is_no_plot(make_run: Fixture, make_asked: Fixture) -> None:
    page = run_page(make_run("plain", make_asked("q1", [(A, 1)])))
    assert "<svg" not in page
    assert _Reader(page).open == []
