from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rag.sentences import split_sentences


def parts(text: str) -> list[str]:
    return [text[a:b] for a, b in split_sentences(text)]


def test_chinese_sentences_keep_their_closing_quote() -> None:
    assert parts("他说：“会涨。”随后下跌！是吗？") == ["他说：“会涨。”", "随后下跌！", "是吗？"]


def test_decimals_abbreviations_and_initials_do_not_end_a_sentence() -> None:
    text = "Sales rose 3.5 percent at Acme Inc. in the U.S. market. J. Smith agreed."
    assert parts(text) == ["Sales rose 3.5 percent at Acme Inc. in the U.S. market.", "J. Smith agreed."]


def test_a_list_number_stays_with_its_item() -> None:
    assert parts("1. First point. 2. Second point.") == ["1. First point.", "2. Second point."]


def test_a_newline_ends_a_sentence() -> None:
    assert parts("标题\n正文第一句。") == ["标题", "正文第一句。"]


@given(st.text(alphabet="ab。.! \n1”"))
def test_ranges_are_ordered_and_lose_nothing_but_blanks(text: str) -> None:
    ranges = split_sentences(text)
    assert all(a < b for a, b in ranges)
    assert all(left[1] <= right[0] for left, right in pairwise(ranges))
    assert "".join(text[a:b] for a, b in ranges).split() == [] or "".join(
        "".join(text[a:b].split()) for a, b in ranges
    ) == "".join(text.split())
