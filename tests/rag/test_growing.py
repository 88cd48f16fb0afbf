"""A text cut into pieces anywhere gives the sentences of the whole text, none later than one sentence after its end."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.echoes import Echoes
from rag.growing import GrowingText
from rag.plain import UnusableError, plain_sentences

ZH = "净息差为1.41%。贷款增长8%，存款增长9%。\n不良率为1.2%。\n- 拨备覆盖率为210%。[page::4]资本充足率为13.5%。"
EN = "Sales rose 3.5% in the U.S. market. See No. 5 for costs.\n* **Margin** was 41%. Done by [K7F] 2025!"
THINKING = "<think>第3页说净利润。下降。</think>利润增长5%。负债下降。"
JSON = json.dumps({"sentences": ["净息差为1.41%。", "不良率\n为1.2%。", '他说"好"。']}, ensure_ascii=False)
FENCED = f"```json\n{JSON}\n```"


def told(text: str, cuts: list[int]) -> list[str]:
    growing = GrowingText("en" if text is EN else "zh", ["K7F"], Echoes())
    edges = [0, *sorted(cut % (len(text) + 1) for cut in cuts), len(text)]
    found = [sentence for a, b in pairwise(edges) for sentence in growing.add(text[a:b])]
    assert growing.text == text
    return found + growing.end()


@given(text=st.sampled_from([ZH, EN, THINKING, JSON, FENCED]), cuts=st.lists(st.integers(0, 400), max_size=60))
def test_pieces_give_what_the_whole_gives(text: str, cuts: list[int]) -> None:
    assert told(text, cuts) == plain_sentences(text, "en" if text is EN else "zh", ["K7F"], Echoes())


def test_json_strings_are_sentences() -> None:
    assert told(JSON, []) == ["净息差为1.41%。", "不良率 为1.2%。", '他说"好"。']


@pytest.mark.parametrize("text", ["净息差为1.41%。不", "净息差为1.41%。\n", '{"sentences": ["净息差为1.41%。"'])
def test_a_sentence_is_told_when_the_next_one_begins(text: str) -> None:
    growing = GrowingText("zh", [], Echoes())
    assert [s for char in text for s in growing.add(char)] == ["净息差为1.41%。"]


@pytest.mark.parametrize("text", ["净息差为1.41%。", "净息差为1.41%。[pa", '{"sentences": ["净息差为1.41%', "营收3.5"])
def test_what_may_still_grow_is_kept_back(text: str) -> None:
    growing = GrowingText("zh", [], Echoes())
    assert [s for char in text for s in growing.add(char)] == (["净息差为1.41%。"] if "[" in text[-4:] else [])


@pytest.mark.parametrize("text", ['{"sentences": []}', "NO_ANSWER", '{"sentences": ["NO_ANSWER"]}'])
def test_no_answer(text: str) -> None:
    assert told(text, [3, 9]) == []


@pytest.mark.parametrize("text", ["[1, 2]", '{"answer": "净息差为1.41%。"}', "```\n```", '{"sentences": ["净息'])
def test_a_text_without_a_sentence_is_unusable_at_its_end(text: str) -> None:
    with pytest.raises(UnusableError):
        told(text, [4])


def test_another_language_is_told_of_before_anything_of_it_comes() -> None:
    growing = GrowingText("zh", [], Echoes())
    text = "The net interest margin of the bank fell to 1.41% in the third quarter. Loans rose 8%. Deposits rose."
    assert [s for char in text for s in growing.add(char)] == []
    with pytest.raises(UnusableError, match="没有用中文写"):
        growing.end()
