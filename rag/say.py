"""What the product itself says to a reader, in Chinese and English: refusals, notices, reasons of verdicts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rag.domain import Language

_FIELD = re.compile(r"\{\w+\}")

_TEXTS: dict[str, tuple[str, str]] = {
    "no_publisher": (
        "语料中没有 {names} 的报告，因此不作回答。",
        "The corpus holds no report by {names}, so there is no answer.",
    ),
    "no_company": (
        "语料中没有关于 {names} 的报告，也没有提到它的段落，因此不作回答。",
        "The corpus has no report on {names} and no passage that names it, so there is no answer.",
    ),
    "no_title": (
        "语料中没有题为《{titles}》的报告，因此不作回答。",
        "The corpus holds no report titled “{titles}”, so there is no answer.",
    ),
    "no_name": (
        "检索到的报告都没有提到 {names}，因此不作回答。",
        "No page that was found names {names}, so there is no answer.",
    ),
    "uncovered": (
        "语料中没有关于 {names} 的报告。",
        "The corpus has no report on {names}.",
    ),
    "emptied": (
        "没有报告符合限制条件：{limit} 把 {among} 份报告全部排除；{there}。",
        "No report is left: {limit} leaves none of {among} reports; {there}.",
    ),
    "no_reports": ("语料中没有报告。", "The corpus holds no report."),
    "they_are": ("它们的{what}：{values}", "their {what}: {values}"),
    "unknown": ("它们没有{what}", "they have no {what}"),
    "window_empty": (
        "没有{days}发布的报告；最新一份发布于{newest}。",
        "No report was published {days}; the newest is of {newest}.",
    ),
    "not_covered": (
        "所检索的报告没有足够的依据回答这个问题{silent}。",
        "The reports hold too little on this question to answer it{silent}.",
    ),
    "not_told": (
        "检索到的页面没有一句话就{whom}讲到所问的这一点，因此不作回答。",
        "No line of the pages found tells what is asked of {whom}, so there is no answer.",
    ),
    "no_period": (
        "语料中没有 {names} {periods} 的报告。",
        "The corpus holds no report on {names} for {periods}.",
    ),
    "no_figures": (
        "检索到的报告缺少计算 {metric} 所需的 {lines}，因此不作回答。",
        "The reports found lack {lines}, from which {metric} is computed, so there is no answer.",
    ),
    "no_such_time": (
        "检索到的页面都没有提到 {periods}，因此不作回答。",
        "No page that was found speaks of {periods}, so there is no answer.",
    ),
    "nearest": ("最接近的是：{report}。", " The nearest is: {report}."),
    "no_reports_of": (
        "语料中（在所给限制内）没有 {side} 的报告。",
        "The corpus, within the limits given, has no report of {side}.",
    ),
    "view_of": ("如何看待{topic}", "what do they say about {topic}"),
    "no_view": (
        "{side} 的报告中没有找到关于这一主题的内容。",
        "Nothing on this topic was found in the reports of {side}.",
    ),
    "silent": ("：没有一页提到 {terms}", ": no page found mentions {terms}"),
    "unsupported": (
        "没有一句话能在所检索的页面上得到核实，因此不作回答。",
        "No sentence could be verified on the pages found, so there is no answer.",
    ),
    "llm_failed": (
        "语言模型不可用（{reason}），以下为摘录式回答。",
        "The language model failed ({reason}); this is the extractive answer.",
    ),
    "broke_off": (
        "语言模型的回答中途中断（{reason}），以下只有中断前已核实的句子。",
        "The language model's answer broke off ({reason}); these are the sentences that were checked by then.",
    ),
    "unjudged": (
        "复核模型不可用（{reason}），以规则核对的结果为准。",
        "The judging model failed ({reason}); the verdicts are those of the rules.",
    ),
    "not_rewritten": (
        "语言模型未能改写问题（{reason}），按原问题检索。",
        "The language model did not rewrite the question ({reason}); it was searched for as it is.",
    ),
    "not_completed": (
        "语言模型未能补全追问（{reason}），按规则补全。",
        "The language model did not complete the follow-up ({reason}); rules did.",
    ),
    "dropped": (
        "{count} 句未能在页面上核实，已略去。",
        "{count} sentence(s) could not be verified on a page and were left out.",
    ),
    "other_language": (
        "摘录自其他语言的报告，按原文引用。",
        "Quoted as it stands from reports in another language.",
    ),
    # --- reasons of verdicts, in the language of the sentence that was checked; {shown} is what the page says ---
    "not_stated": ("页面上没有：{numbers}", "not on the page: {numbers}"),
    "no_words": ("句中没有可以核对的词", "the sentence has no words to check"),
    "in_one_place": (
        "数字都在它所指的同一句或同一行中",
        "all its figures in one sentence or row that it names",
    ),
    "reckoned": (
        "由所引页面上的 {count} 个数字重新算出",
        "computed anew from {count} figures of the pages cited",
    ),
    "most_words": (
        "同一段中有它 {share} 的用词，数字全部找到",
        "{share} of its terms in one passage, all numbers found",
    ),
    "some_words": ("同一段中只有它 {share} 的用词", "only {share} of its terms in one passage"),
    "few_words": ("任何一段中都只有它 {share} 的用词", "only {share} of its terms in any passage"),
    "across": (
        "与页面的语言不同：核对了数字和名称",
        "another language than the page: numbers and names checked",
    ),
    "across_unchecked": (
        "与页面的语言不同，也没有可以核对的内容",
        "another language than the page, and nothing in it that can be checked",
    ),
    "other_figures": ("页面上此处是别的数字：{shown}", "the page has other figures there: {shown}"),
    "other_year": (
        "页面说的是{there}年，不是{here}年：{shown}",
        "the page says so of {there}, not of {here}: {shown}",
    ),
    "not_named": ("页面没有提到 {names}", "the page does not name {names}"),
    "of_others": ("页面说的是 {names}", "the page says so of {names}"),
    "opposite": ("页面的说法相反：{shown}", "the page says the opposite: {shown}"),
    "one_denies": ("两者之一是否定的：{shown}", "one of them denies it: {shown}"),
    "denied": ("页面否定了这一点：{shown}", "the page denies it: {shown}"),
    "less_surely": ("页面说得没有这样肯定：{shown}", "the page says it less surely: {shown}"),
    "no_superlative": ("页面没有这样的最高级说法：{shown}", "the page knows no such superlative: {shown}"),
    "too_free": (
        "只有{share}的用词在原文的同一处：请用原文的说法",
        "only {share} of its words stand in one place of the page: say it in the words of the page",
    ),
    "no_share": ("页面此处说的不是占比：{shown}", "the page tells of no share there: {shown}"),
    "respelt": ("问题中的拼写按此理解：{words}", "Read as: {words}"),
    "no_page": ("没有一页有此内容", "no page has it"),
    "not_bound": (
        "数字都在页面上，但没有一句或一行把它们和句中的说法放在一起",
        "its figures stand on the page, but no one sentence or row has them for what it says",
    ),
    "of_several": (
        "页面上这些数字分属几项，句中没有说明：{shown}",
        "these figures are of several things there, which the sentence does not name: {shown}",
    ),
    "a_caption": ("这是标题或名称，不是陈述", "it is a title or a name and states nothing"),
    "other_word": ("页面在此处是另一个词：{shown}", "the page has another word there: {shown}"),
    "cut_off": ("句中缺少主语：{shown}", "the sentence does not say of whom: {shown}"),
    "other_subject": ("页面把这一点说给了别的主体：{shown}", "the page says it of another subject: {shown}"),
    "restates": ("只是把问题重说了一遍", "it only says the question again"),
    "not_in_language": ("没有用中文写", "not written in English"),
    "to_a_model": ("这句话是对模型说的，不是对读者说的", "it speaks to a model, not to a reader"),
    "sources": ("来源", "Sources"),
    "page": ("第 {page} 页", "p. {page}"),
    "verdict_supported": ("有据", "supported"),
    "verdict_partial": ("部分有据", "partly supported"),
    "verdict_unsupported": ("无据", "not supported"),
    "judged_supported": ("{model} 判为有据", "{model} judged it supported"),
    "judged_partial": ("{model} 判为部分有据", "{model} judged it partial"),
    "judged_unsupported": ("{model} 判为无据", "{model} judged it unsupported"),
}


def wordings(names: Iterable[str]) -> Iterator[str]:
    """What the texts of these names say in either language whatever they are filled in with."""
    for name in names:
        for text in _TEXTS[name]:
            yield from filter(None, (part.strip() for part in _FIELD.split(text)))


def say(name: str, language: Language, **values: object) -> str:
    """The text `name` in a language, filled in."""
    chinese, english = _TEXTS[name]
    return (chinese if language == "zh" else english).format(**values)
