"""What kind of research a report is: mastheads, banners and running heads; narrow words before wide ones."""

from __future__ import annotations

import pytest
from hand_made import BODY, Put, fact, page, read


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("金融工程 | 量化投资专题", "quant"),
        ("证券研究报告/量化投资策略报告", "quant"),
        ("固定收益点评", "fixed income"),
        ("债券研究", "fixed income"),
        ("宏观研究 | 年度展望", "macro"),
        ("宏观策略周报", "macro"),
        ("策略研究 | 专题报告", "strategy"),
        ("行业动态报告", "industry"),
        ("行业投资策略", "industry"),
        ("公司研究·深度报告", "company"),
        ("新股研究报告", "company"),
        ("Global Macro", "macro"),
        ("Initiation of coverage", "company"),
        ("Industry report", "industry"),
        ("Fixed Income Research", "fixed income"),
        ("Equity Strategy", "strategy"),
    ],
)
def test_masthead(label: str, kind: str) -> None:
    found = read(
        page(Put("青岚证券", 20, 14), Put(label, 36, 10, 350), Put("分化之后，静待花开", 90, 20), Put(BODY, 300))
    )
    assert found.type == kind
    assert fact(found, "type").confidence >= 0.8


def test_a_side_banner() -> None:
    banner = Put("\n".join("金融工程"), 100, 14, x=5)
    found = read(page(Put("青岚证券", 20, 14), banner, Put("分化之后，静待花开", 90, 20), Put(BODY, 300)))
    assert found.type == "quant"


def test_a_company_at_the_head_makes_it_research_on_a_company() -> None:
    first = page(
        Put("青岚证券", 20, 14), Put("云岭乳业（600999.SH）", 50, 14), Put("分化之后，静待花开", 90, 20), Put(BODY, 300)
    )
    assert read(first).type == "company"


def test_a_title_alone_tells_with_less_confidence() -> None:
    titled = read(page(Put("青岚证券", 20, 14), Put("城投债利差的季节特征", 90, 20), Put(BODY, 300)))
    labelled = read(
        page(Put("青岚证券", 20, 14), Put("固定收益", 36), Put("城投债利差的季节特征", 90, 20), Put(BODY, 300))
    )
    assert titled.type == labelled.type == "fixed income"
    assert fact(titled, "type").confidence < fact(labelled, "type").confidence


def test_what_nothing_tells_is_other_and_what_has_no_text_is_open() -> None:
    found = read(page(Put("A walk along the river", 90, 20), Put("We went for a walk. " * 30, 300)))
    assert (found.type, fact(found, "type").confidence) == ("other", 0.5)
    assert read(page(), name="scan.pdf").type is None
