from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from rag.reduce import reduced

TEXT = "利润持平。净息差为1.41%。天气晴。净息差回升。费用下降。"
TABLE = "表1\n单位：%\n\n| 指标 | 2024 |\n| --- | --- |\n| 净利润 | 5 |\n| 净息差 | 1.41 |\n| 费用 | 3 |\n"


def of_margin(texts: Sequence[str]) -> list[float]:
    return [float("净息差" in text) for text in texts]


def test_the_sentences_that_tell_most_stay_in_order() -> None:
    assert reduced(TEXT, 23, of_margin) == "…\n净息差为1.41%。\n…\n净息差回升。\n…"


def test_a_table_keeps_its_head() -> None:
    head = TABLE[: TABLE.index("| 净利润")]
    assert reduced(TABLE, len(head) + 19, of_margin) == head + "…\n| 净息差 | 1.41 |\n…"


def test_nothing_that_fits_is_nothing() -> None:
    assert reduced("一个没有停顿的很长很长的句子", 5, of_margin) == ""


@given(
    st.lists(st.sampled_from(["净息差升。", "利润降。", "费用持平，成本也持平。"]), max_size=30), st.integers(0, 200)
)
def test_the_limit_holds_and_order_is_kept(parts: list[str], limit: int) -> None:
    text = "".join(parts)
    short = reduced(text, limit, of_margin)
    assert len(short) <= limit
    rest = iter(parts)
    assert all(line in rest for line in short.split("\n") if line and line != "…")
