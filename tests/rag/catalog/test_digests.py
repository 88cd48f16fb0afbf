from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import select

from rag.catalog import Catalog, Maker, StaleDigest
from rag.catalog.engine import begin_read
from rag.catalog.tables import digests
from rag.domain import Box, Citation, Digest, Language, Section, Sentence, Style, Verdict
from rag.errors import NotFoundError

A, B = "a" * 16, "b" * 16
Put = Callable[..., object]

CITATION = Citation(
    report_id=A,
    page=3,
    page_label="4",
    publisher="中信证券",
    title="宁德时代深度报告",
    published=date(2024, 3, 1),
    quote="收入同比增长 12.5%",
    boxes=(Box(72.0, 100.123456, 300.25, 112.0),),
    verdict=Verdict("supported", "every number stands on the page"),
    read_by="ocr",
)
DIGEST = Digest(
    report_id=A,
    style="brief",
    language="zh",
    sections=(
        Section("", (Sentence("收入增长 12.5%。", (CITATION, replace(CITATION, published=None, boxes=()))),)),
        Section("风险", (Sentence("原材料涨价。", ()),)),
    ),
    writer="extractive",
    model=None,
    prompt_version="1",
    made=datetime(2024, 6, 1, 12, 0, 0, 42, tzinfo=UTC),
    notices=("two pages were read by OCR",),
)
LLM = replace(DIGEST, writer="llm", model="qwen", made=DIGEST.made + timedelta(hours=1))


def test_a_digest_comes_back_whole(catalog: Catalog, put: Put) -> None:
    put("a")
    catalog.save_digest(DIGEST)
    assert catalog.digest(A, "brief") == DIGEST
    assert catalog.digest(A, "outline") is None
    assert catalog.digest(B, "brief") is None


def test_the_newest_that_fits(catalog: Catalog, put: Put) -> None:
    put("a")
    other = replace(LLM, model="glm", made=DIGEST.made + timedelta(minutes=1))
    for digest in (LLM, other, DIGEST):
        catalog.save_digest(digest)
    assert catalog.digest(A, "brief") == LLM
    assert catalog.digest(A, "brief", writer="extractive") == DIGEST
    assert catalog.digest(A, "brief", model="glm") == other
    assert catalog.digest(A, "brief", model="") == DIGEST
    assert catalog.digest(A, "brief", writer="extractive", model="glm") is None


def test_newest_is_by_time_not_by_zone(catalog: Catalog, put: Put) -> None:
    put("a")
    earlier = replace(LLM, made=datetime(2024, 6, 1, 19, tzinfo=timezone(timedelta(hours=8))))  # 11:00 UTC
    catalog.save_digest(DIGEST)
    catalog.save_digest(earlier)
    assert catalog.digest(A, "brief") == DIGEST


def test_a_new_digest_replaces_its_like(catalog: Catalog, put: Put) -> None:
    put("a")
    catalog.save_digest(DIGEST)
    newer = replace(DIGEST, made=DIGEST.made + timedelta(days=1), prompt_version="2", sections=())
    catalog.save_digest(newer)
    catalog.save_digest(replace(newer, language="en"))
    assert catalog.digest(A, "brief", writer="extractive") in (newer, replace(newer, language="en"))
    catalog.save_digest(replace(newer, made=newer.made + timedelta(days=1)))
    assert catalog.digest(A, "brief").made == newer.made + timedelta(days=1)


def test_a_digest_of_no_report_is_refused(catalog: Catalog) -> None:
    with pytest.raises(NotFoundError):
        catalog.save_digest(DIGEST)


def test_a_digest_that_no_longer_fits_is_not_given_but_kept_with_the_reason(catalog: Catalog, put: Put) -> None:
    made = put("a")
    catalog.save_digest(DIGEST)
    catalog.save_digest(LLM)
    catalog.correct(made.report, made.report.facts, stale="corrected: title")
    assert catalog.digest(A, "brief") is None
    assert catalog.digest(A, "brief", writer="llm", model="qwen") is None
    with begin_read(catalog.engine) as connection:
        assert list(connection.scalars(select(digests.c.stale))) == ["corrected: title"] * 2

    newer = replace(DIGEST, made=DIGEST.made + timedelta(days=1))
    catalog.save_digest(newer)
    assert catalog.digest(A, "brief") == newer
    assert catalog.digest(A, "brief", writer="llm") is None


NOW: dict[tuple[Style, Language], Maker] = {("brief", "zh"): Maker("extractive", "", "1")}


def test_digests_by_another_version_become_stale_and_are_listed_until_renewed(catalog: Catalog, put: Put) -> None:
    put("a")
    catalog.save_digest(DIGEST)
    catalog.mark_digests(NOW)
    assert catalog.stale_digests() == []
    assert catalog.digest(A, "brief") == DIGEST
    catalog.mark_digests({("brief", "zh"): Maker("extractive", "", "2")})
    (stale,) = catalog.stale_digests()
    assert stale == StaleDigest(A, "brief", "zh", "made by another version (1; now 2)")
    assert catalog.digest(A, "brief") is None
    assert catalog.undigested("brief") == [A]
    catalog.save_digest(replace(DIGEST, prompt_version="2"))
    assert catalog.stale_digests() == []


def test_another_writer_or_model_makes_a_digest_stale(catalog: Catalog, put: Put) -> None:
    put("a")
    catalog.save_digest(LLM)
    catalog.mark_digests({("brief", "zh"): Maker("llm", "glm", "1")})
    assert [one.why for one in catalog.stale_digests()] == ["made by another model (qwen; now glm)"]
    catalog.save_digest(DIGEST)
    assert catalog.stale_digests() == []  # there is one in its place


def test_each_language_has_its_own_digest_and_the_reports_own_is_the_standing_one(catalog: Catalog, put: Put) -> None:
    put("a")
    english = replace(LLM, language="en", made=LLM.made + timedelta(hours=1))
    catalog.save_digest(english)
    assert catalog.undigested("brief") == [A]
    catalog.save_digest(DIGEST)
    assert catalog.digest(A, "brief") == DIGEST
    assert catalog.digest(A, "brief", language="en") == english
