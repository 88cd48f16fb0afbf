import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain import Block, Box, Piece
from rag.text import ends_sentence, fold, is_han, joiner, language_of, runs_on, simplified, span_of, width


def test_width_counts_han_twice() -> None:
    assert width("AH溢价") == 6


@pytest.mark.parametrize(
    ("left", "right", "between"), [("价", "格", ""), ("a", "b", " "), ("-", "b", ""), ("a", "价", "")]
)
def test_joining_lines(left: str, right: str, between: str) -> None:
    assert joiner(left, right) == between


def test_language_and_folding() -> None:
    assert language_of("中金公司 CICC 研究 strategy") == "zh"
    assert language_of("AH premium") == "en"
    assert fold("ＡＨ％") == "ah%"
    assert ends_sentence("完。”")
    assert not ends_sentence("未完")


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("Ａ！，（　\xa0\u0301é’營aA")), max_size=20))
def test_folding_takes_the_plain_form_of_each_character(text: str) -> None:
    assert fold(text) == simplified(unicodedata.normalize("NFKC", text).lower().replace("’", "'"))


def test_folding_makes_traditional_characters_simplified() -> None:
    assert fold("營業收入ＥＰＳ") == "营业收入eps"
    assert simplified("衞龍佔比、發展與頭髮、裏面裡面") == "卫龙占比、发展与头发、里面里面"
    assert simplified("后来干净的面子") == "后来干净的面子"


@given(st.text(st.characters(min_codepoint=0x3400, max_codepoint=0x2FFFF) | st.characters(codec="ascii")))
def test_no_character_comes_or_goes(text: str) -> None:
    plain = simplified(text)
    assert len(plain) == len(text)
    assert [is_han(char) for char in plain] == [is_han(char) for char in text]


def test_a_partly_taken_line_is_cut_in_proportion() -> None:
    block = Block("text", 0, 8, (Piece(0, 4, Box(0, 0, 40, 10)), Piece(4, 8, Box(0, 10, 40, 20))))
    span = span_of(3, "abcdefgh", [block], 2, 6)
    assert (span.page, span.start, span.end) == (3, 2, 6)
    assert span.boxes == (Box(20, 0, 40, 10), Box(0, 10, 20, 20))


def test_a_long_open_line_runs_on_into_the_next() -> None:
    assert runs_on("公司主营业务为面向餐饮企业的速冻面米制品的研发与生")
    assert not runs_on("一、投资要点")
    assert not runs_on("公司主营业务为面向餐饮企业的速冻面米制品的研发与生产。")
