from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_llm import MADE_UP, ScriptedLLM, say, status

from rag.cite import parse_markers
from rag.domain import Chunk, Passage, Report, Understood
from rag.echoes import Echoes
from rag.errors import ModelError
from rag.llm import OpenAIChat
from rag.plain import UnusableError, plain_outline, plain_sentences
from rag.ports import Writer
from rag.prompt import passage_keys
from rag.writer import LlmWriter

REPORT = Report(
    "9f2c41d0aa17b3e5", "0" * 64, "银行业周报", "中金公司", date(2025, 11, 10), "zh", 9, ("a.pdf",), datetime.now(UTC)
)
PASSAGES = [Passage(Chunk(f"c-{n}", REPORT.id, n, n, f"净息差为1.4{n}%。", ()), REPORT, None, 1.0) for n in range(2)]
ZH = Understood("净息差是多少？", "zh", "净息差是多少？")
EN = Understood("How high is the net interest margin?", "en", "How high is the net interest margin?")


def writer(server: ScriptedLLM) -> LlmWriter:
    chat = OpenAIChat(base_url=server.url, model="m-1", deadline_s=10, retries=0)
    return LlmWriter(chat, 8000)


def plain(text: str, keys: Sequence[str] = (), echoes: Sequence[str] = ()) -> list[str]:
    return plain_sentences(
        text, "zh" if any("\u4e00" <= c <= "\u9fff" for c in text) else "en", keys, Echoes(frozenset(echoes))
    )


# --- over HTTP ---


def test_it_is_a_writer(llm_server: ScriptedLLM) -> None:
    given: Writer = writer(llm_server)
    assert (given.name, given.model) == ("llm", "m-1")


def test_an_answer_is_bare_sentences(llm_server: ScriptedLLM) -> None:
    llm_server.play(say("净息差为1.41%。\n贷款增长8%，存款增长9%。不良率为1.2%。"))
    assert writer(llm_server).write(ZH, PASSAGES) == ["净息差为1.41%。", "贷款增长8%，存款增长9%。", "不良率为1.2%。"]
    sent = llm_server.requests[0].body["messages"]
    assert [turn["role"] for turn in sent] == ["system", "user"]
    assert sent[0]["content"].startswith("你为研究报告的读者回答问题")


def test_the_question_sets_the_language(llm_server: ScriptedLLM) -> None:
    llm_server.play(say("The net interest margin was 1.41%."))
    assert writer(llm_server).write(EN, PASSAGES) == ["The net interest margin was 1.41%."]
    assert llm_server.requests[0].body["messages"][0]["content"].startswith("You answer questions")


def test_pages_and_links_that_a_model_makes_up_are_gone(llm_server: ScriptedLLM) -> None:
    llm_server.play(say(MADE_UP))
    assert writer(llm_server).write(ZH, PASSAGES) == ["预计2025年净利润同比增长12%。", "详见公告，订单充足。"]


@pytest.mark.parametrize("text", ["NO_ANSWER", "NO_ANSWER。", "**NO_ANSWER**", " no\n".replace("no", "`NO_ANSWER`")])
def test_no_answer_is_no_sentences(llm_server: ScriptedLLM, text: str) -> None:
    llm_server.play(say(text))
    assert writer(llm_server).write(ZH, PASSAGES) == []
    assert len(llm_server.requests) == 1


def test_a_repeated_question_and_instruction_are_dropped(llm_server: ScriptedLLM) -> None:
    echo = "只根据以上段落回答，每行一个句子；不能回答就只写 NO_ANSWER。"
    llm_server.play(say(f"{ZH.question}\n{echo}\n净息差为1.41%。"))
    assert writer(llm_server).write(ZH, PASSAGES) == ["净息差为1.41%。"]


def test_keys_of_passages_are_taken_out(llm_server: ScriptedLLM) -> None:
    first, second = passage_keys(PASSAGES)
    llm_server.play(say(f"净息差为1.41%[{first}]。\n段落{second}不良率为1.2%。"))
    assert writer(llm_server).write(ZH, PASSAGES) == ["净息差为1.41%。", "不良率为1.2%。"]


def test_unusable_output_is_asked_for_again_with_its_fault(llm_server: ScriptedLLM) -> None:
    llm_server.play(say('{"answer": "净息差为1.41%。"}'), say("净息差为1.41%。"))
    assert writer(llm_server).write(ZH, PASSAGES) == ["净息差为1.41%。"]
    first, second = (request.body["messages"] for request in llm_server.requests)
    assert second[:2] == first
    assert second[2] == {"role": "assistant", "content": '{"answer": "净息差为1.41%。"}'}
    assert second[3]["role"] == "user"
    assert "JSON" in second[3]["content"]


@pytest.mark.parametrize(
    "text", ["{}", "[1, 2]", "---", "| a | b |\n|---|---|", "<div></div>", "。。。", "# 标题", "<think>嗯"]
)
def test_output_unusable_twice_is_an_error(llm_server: ScriptedLLM, text: str) -> None:
    llm_server.play(say(text), say(text), say("净息差为1.41%。"))
    with pytest.raises(ModelError, match=r"m-1 wrote nothing usable, twice.*REPORT_RAG_LLM_MODEL"):
        writer(llm_server).write(ZH, PASSAGES)
    assert len(llm_server.requests) == 2


def test_a_failing_endpoint_comes_through(llm_server: ScriptedLLM) -> None:
    llm_server.play(status(401))
    with pytest.raises(ModelError, match="REPORT_RAG_LLM_API_KEY"):
        writer(llm_server).write(ZH, PASSAGES)


def test_the_wrong_language_is_asked_for_again(llm_server: ScriptedLLM) -> None:
    llm_server.play(say("The net interest margin of the bank was 1.41% in the third quarter."), say("净息差为1.41%。"))
    assert writer(llm_server).write(ZH, PASSAGES) == ["净息差为1.41%。"]
    assert "没有用中文写" in llm_server.requests[1].body["messages"][3]["content"]


def test_a_brief(llm_server: ScriptedLLM) -> None:
    llm_server.play(say("**摘要：** 银行息差企稳。\n\n预计2025年净利润增长3.5%。风险在于不良率上升。"))
    assert writer(llm_server).write_digest("brief", "zh", "银行业周报", PASSAGES) == [
        ("", ["银行息差企稳。", "预计2025年净利润增长3.5%。", "风险在于不良率上升。"])
    ]


def test_an_outline(llm_server: ScriptedLLM) -> None:
    llm_server.play(
        say(
            "好的，以下是提纲：\n\n# 核心观点\n- 银行息差企稳。[page::4]\n\n## **风险提示**：\n* 不良率上升。信贷放缓。\n\n# 附录\n"
        )
    )
    assert writer(llm_server).write_digest("outline", "zh", "银行业周报", PASSAGES) == [
        ("核心观点", ["银行息差企稳。"]),
        ("风险提示", ["不良率上升。", "信贷放缓。"]),
    ]


def test_an_outline_in_other_dress(llm_server: ScriptedLLM) -> None:
    llm_server.play(say("1. **Thesis**\n   - Margins hold at 1.41%.\n2. **Risks:**\n   - Loans may sour."))
    assert writer(llm_server).write_digest("outline", "en", "Banks", PASSAGES) == [
        ("Thesis", ["Margins hold at 1.41%."]),
        ("Risks", ["Loans may sour."]),
    ]


def test_an_outline_needs_headings(llm_server: ScriptedLLM) -> None:
    llm_server.play(say("- 银行息差企稳。"), say("# 观点\n- 银行息差企稳。"))
    assert writer(llm_server).write_digest("outline", "zh", "标题", PASSAGES) == [("观点", ["银行息差企稳。"])]
    assert "小标题" in llm_server.requests[1].body["messages"][3]["content"]


@pytest.mark.parametrize("style", ["brief", "outline"])
def test_nothing_to_summarise(llm_server: ScriptedLLM, style: str) -> None:
    llm_server.play(say("NO_ANSWER"))
    assert writer(llm_server).write_digest(style, "zh", "标题", PASSAGES) == []  # type: ignore[arg-type]


# --- the parser, by hand ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # list marks and markdown
        ("- 利润增长5%。", ["利润增长5%。"]),
        (
            "1. 利润增长5%。\n2、营收持平。\n（3）现金流转正。\n④ 负债下降。",
            ["利润增长5%。", "营收持平。", "现金流转正。", "负债下降。"],
        ),
        ("> * **利润**增长`5%`。", ["利润增长5%。"]),
        ("*Profit* grew __5%__ to 3*4 units.", ["Profit grew 5% to 3*4 units."]),
        ("```text\n利润增长5%。\n```", ["利润增长5%。"]),
        ("# 标题\n利润增长5%。\n---\n| a | 1 |", ["利润增长5%。"]),
        # numbers are no list marks
        ("-5.1%是当季增速。", ["-5.1%是当季增速。"]),
        ("2025年利润增长5%。", ["2025年利润增长5%。"]),
        ("1.5亿元为净利润。", ["1.5亿元为净利润。"]),
        # several sentences in a line
        (
            "Sales rose 3.5% in the U.S. market. See No. 5, e.g. costs. Done!",
            ["Sales rose 3.5% in the U.S. market.", "See No. 5, e.g. costs.", "Done!"],
        ),
        ("涨了3.5%！为什么？需求强。", ["涨了3.5%！", "为什么？", "需求强。"]),
        # markers, sources and pages of the model's own
        ("利润增长5%[page::3]。", ["利润增长5%。"]),
        ("利润增长5%。[page::3][page::4](report:9f2c41d0aa17b3e5)", ["利润增长5%。"]),
        ("利润增长5%[1][2, 3]。营收持平【1】。", ["利润增长5%。", "营收持平。"]),
        ("利润增长5%[K7F, B2C]。", ["利润增长5%。"]),
        ("利润增长5%（见第3页）。", ["利润增长5%。"]),
        ("利润增长5%（中金公司，第3页）。[中金公司 2025-11-10]", ["利润增长5%。"]),
        (
            "Profit grew 5% (see p. 3). Sales fell (Source: filing) by 2%. [CICC, 2025]",
            ["Profit grew 5%.", "Sales fell by 2%."],
        ),
        ("利润增长5%。［page::3］ [来源：公告]", ["利润增长5%。"]),
        ("利润增长5%。&#91;page::3&#93;", ["利润增长5%。"]),
        ("利润增长5%[pa[1]ge::3]。", ["利润增长5%。"]),
        # what is in brackets but says something stays
        ("利润[2025E]增长[5%]。", ["利润2025E增长5%。"]),
        ("评级【买入】维持（目标价12元）。", ["评级【买入】维持（目标价12元）。"]),
        # links and HTML
        (
            "见[公告](https://example.org/a(1))，利润增长5%，详情https://example.org/x?y=1。",
            ["见公告，利润增长5%，详情。"],
        ),
        ("利润增长5%，见evil.example/a?b=1。", ["利润增长5%，见。"]),
        ("Profit grew 5%, write to a.b@evil.example now.", ["Profit grew 5%, write to now."]),
        ("U.S./China sales and P/E of Amazon.com rose.", ["U.S./China sales and P/E of Amazon.com rose."]),
        ("![图](http://x/y.png)利润<b>增长</b>5%<br/>。", ["利润增长5%。"]),
        ("利润&lt;script src='x'&gt;增长5%。", ["利润增长5%。"]),
        ("毛利率＜5%，EPS <US$3 and >US$2。", ["毛利率<5%，EPS < US$3 and >US$2。"]),
        ("A&amp;T利润增长5%。", ["A&T利润增长5%。"]),
        ("利润<!增长5%<!", ["利润< !", "增长5%< !"]),
        # words around the answer
        ("好的，以下是回答：\n利润增长5%。\n希望以上内容对您有帮助！", ["利润增长5%。"]),
        ("答案：利润增长5%。", ["利润增长5%。"]),
        ("根据提供的资料，利润增长5%。", ["利润增长5%。"]),
        ("Sure! Here is the answer: Profit grew 5%.\nLet me know if you need more.", ["Profit grew 5%."]),
        ("Based on the provided passages, profit grew 5%.", ["Profit grew 5%."]),
        ("<think>第3页说……</think>利润增长5%。", ["利润增长5%。"]),
        ("利润增长5%。\n利润增长5%。", ["利润增长5%。"]),
        # content that only looks like such words
        ("以下游需求为主。", ["以下游需求为主。"]),
        ("如有更多产能释放，利润将增长5%。", ["如有更多产能释放，利润将增长5%。"]),
        ("As an AI chip supplier, NVIDIA grew 5%.", ["As an AI chip supplier, NVIDIA grew 5%."]),
        ("原材料成本不能完全转嫁给客户。", ["原材料成本不能完全转嫁给客户。"]),
        ("作为人工智能龙头，公司利润增长5%。", ["作为人工智能龙头，公司利润增长5%。"]),
        # a refusal in the model's own words
        ("资料中没有提到净息差。", []),
        ("The provided passages do not mention the margin.", []),
        ("NO_ANSWER\n资料中没有净息差，只有利润。", []),
        ("利润增长5%。\n段落未提及净息差。\nNO_ANSWER", ["利润增长5%。"]),
    ],
)
def test_output_becomes_plain_sentences(text: str, expected: list[str]) -> None:
    assert plain(text) == expected


def test_a_loop_without_end_is_no_sentence() -> None:
    for text in ("的确" * 1000, "[(" * 20_000):
        with pytest.raises(UnusableError):
            plain(text)


@given(
    st.lists(
        st.sampled_from([*"[](){}<>*_`#-|!:：。.a正1 \n", "page::3", "[page::", "](report:", "<b>", "&#91;", "&lt;"])
    )
)
def test_no_marker_tag_or_blank_sentence_comes_through(parts: list[str]) -> None:
    text = "".join(parts)
    for parse in (plain_sentences, plain_outline):
        try:
            found = parse(text, "zh", ["K7F"], Echoes())
        except UnusableError:
            continue
        for item in found:
            for sentence in [item] if isinstance(item, str) else [item[0], *item[1]]:
                assert not set("[]") & set(sentence)
                assert parse_markers(sentence) == []
                assert "page::" not in sentence
                assert not re.search("<[A-Za-z/!]", sentence)
                assert "\n" not in sentence
                assert sentence == sentence.strip()
