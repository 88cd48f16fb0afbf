"""LaTeX, footnote marks, tags of templates and stray characters go; money, powers and starred shares stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.metadata.plain import plain


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        (r"$\alpha$ 与 $\beta_{m}$ 的分解", "α 与 βm 的分解"),
        (r"Alpha \textbf{decay} in $n$ days", "Alpha decay in n days"),
        (r"\(\sigma^{2}\)的估计", "σ2的估计"),
        ("质量因子的季节特征*", "质量因子的季节特征"),
        ("The tide turns†", "The tide turns"),
        ("The tide turns¹", "The tide turns"),
        ("季节特征①", "季节特征"),
        ("[Table_Title] 渠道改革见效", "渠道改革见效"),
        ("[Table Title]渠道改革见效 #", "渠道改革见效"),
        ("micro\u00adstructure\u200b of\u00a0returns", "microstructure of returns"),
        ("Sales of $3.2 Billion compared to $2.7 Billion", "Sales of $3.2 Billion compared to $2.7 Billion"),
        ("What R² tells", "What R² tells"),
        ("*ST云岭的重整", "*ST云岭的重整"),
        ("C# at work", "C# at work"),
    ],
)
def test_plain(printed: str, expected: str) -> None:
    assert plain(printed) == expected


@given(st.text(max_size=60))
def test_plain_text_stays_as_it_is(text: str) -> None:
    once = plain(text)
    assert "\n" not in once
    assert once == once.strip()
