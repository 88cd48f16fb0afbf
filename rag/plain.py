"""What an LLM wrote, in; plain sentences, out: no markup, no links, no page numbers of its own, no talk about the task.

No `[` and `]` is left in a sentence, so nothing that a model writes can be read as a citation marker.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence

from rag.domain import Language
from rag.echoes import Echoes
from rag.frame import has_own_words, is_about_check, is_about_text, unframed
from rag.sentences import split_sentences
from rag.text import han_share

_LONGEST = 600  # characters of a sentence; beyond, it is a loop or a dump
_LANGUAGE_CHARS = 40  # shorter text may be names alone

# --- what spans lines, or fills one
_THINKING = re.compile(
    r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)|<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_OPEN_JSON = re.compile(r'\s*(?:```(?:json)?\s*)?\{\s*"sentences"\s*:\s*\[')  # the shape of rag.ports.SENTENCES
_EMPTY_JSON = re.compile(_OPEN_JSON.pattern + r"\s*\]\s*\}\s*(?:```\s*)?")
_STRING = re.compile(r'[\s,]*("(?:[^"\\]|\\.)*")', re.DOTALL)
_FENCE = re.compile(r"^[ \t]*(?:```|~~~).*$", re.MULTILINE)
_NO_SENTENCE = re.compile(r"\s*(?:\|.*|#.*|[-*_=~ ]*|.*[:：])\s*")  # table row, heading, rule, announcement

# --- markup inside a line
_TO_ASCII = str.maketrans("＜＞［］", "<>[]")  # the prompt's stand-ins for angle brackets, and a disguise of markers
# By name: `EPS <US$3 and >US$2` is no tag, and losing `<US$3` would change what it says.
_TAG = re.compile(
    r"</?(?:a|b|i|u|s|p|br|hr|em|h[1-6]|li|ul|ol|tr|td|th|div|sub|sup|img|svg|pre|code|cite|mark|font|span|small|strong"
    r"|table|tbody|thead|html|body|style|script|iframe|blockquote|passages?|question|report|answer|summary|sentence|ref)"
    r"(?:\s[^<>]*)?/?>|<\|[^<>]{0,40}\|>",
    re.IGNORECASE,
)
_LINK = re.compile(r"!?(\[[^\[\]]*\])\((?:[^()]|\([^()]*\))*\)")
_URL = re.compile(  # with a scheme, bare with a path, or an address for mail
    r"[(（]?(?:https?://|www\.)[!-'*-~]+[)）]?|(?<![A-Za-z0-9_.@+-])(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}/[!-'*-~]*"
    r"|(?<![A-Za-z0-9_.@+-])[A-Za-z0-9._+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}"
)
_MARKER = re.compile(
    r"\s?[\[【](?:\s*\^?\d{1,3}(?:\s*[-–,，、;；]\s*\d{1,3})*\s*|\^[^\[\]【】]*"
    r"|[^\[\]【】]*(?:::|\bpages?\b|\bpp?\.\s*\d|第\s*\d+\s*页|\bsources?\b|\bref\b|\bpassages?\b|来源|出处|引用|段落)"
    r"[^\[\]【】]*)[\]】]",
    re.IGNORECASE,
)
_KEY = re.compile(r"\s?[\[【](?:[A-Z]\d[A-Z][\s,，、;；]*)+[\]】]")
_AFTER_THE_END = re.compile(r"(?<=[。！？.!?])\s*(?:[\[【][^\[\]【】]{0,80}[\]】]\s*)+")
_PAGE_MENTION = re.compile(
    r"\s?[(（](?:[^()（）]*[\s,，])?(?:see |见|参见|详见)?(?:pp?\.\s?\d|pages? \d|第\s*\d+\s*页|report:|来源[:：]|source:)"
    r"[^()（）]*[)）]",
    re.IGNORECASE,
)
_REMAINS = re.compile(r"[\[\]]|page\s*::\s*\d*|\*\*|__|`", re.IGNORECASE)
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=\S)([^*_]+)(?<=\S)\1(?![\w*])")
_LOOSE = re.compile(r" (?=[。，；！？.,;!?](?:\s|$))|[(（]\s*[)）]")

# --- words around the sentences
_LIST_MARK = re.compile(r"(?:\s*(?:>|[-*+•·●▪–—]\s|[(（]?\d{1,2}[)）]|\d{1,2}(?:[.．]\s|、)|[①-⑳]))+\s*")
_LEAD_IN = re.compile(
    r"(?:好的|当然|sure|certainly|of course|okay)?[,，.。!！]?\s*(?:"
    r"(?:最终)?(?:回答|答案|摘要|答)[:：]|(?:final )?(?:answer|summary):"
    r"|(?:以下|下面|这)是[^:：。]{0,40}[:：]|here (?:is|are) [^:]{0,60}:"
    r"|(?:根据|基于)(?:以上|上述|所给|给出|提供|给定|已有|用户)*的?(?:资料|段落|信息|材料|内容)[，,]"
    r"|(?:based on|according to) the (?:(?:provided|given|above) )?(?:passages?|context|excerpts?|information|text)"
    r"(?: provided| given| above)?,)\s*",
    re.IGNORECASE,
)
_COURTESY = re.compile(
    r"(?:(?:好的|当然(?:可以)?|没问题|sure|certainly|of course|okay)[,，!！。.]*$|here (?:is|are) the (?:answer|summary|outline)\b"
    r"|希望(?:以上|这|对您|对你)|如果?(?:您|你)(?:还)?(?:有|需要|想)|作为(?:一个|一名)?(?:AI|人工智能)?(?:语言模型|助手)"
    r"|i hope this|hope this helps|let me know|if you (?:need|have|would like)|as an ai (?:language )?(?:model|assistant))",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"\bNO[_ ]ANSWER\b|(?i:(?:资料|段落|上下文|(?:所给|提供|以上|上述|给定|现有)的?(?:材料|信息|内容|文本))"
    r"[^，。；]{0,8}(?:没有|未|不|无法)[^。]{0,6}(?:提|说|给|涉|包|回答|披露|足)"
    r"|(?:无法|不能)(?:根据|从|基于)[^。]{0,12}(?:资料|段落|信息)|无法回答(?:该|这个|此)?问题"
    r"|\b(?:passages?|excerpts?|(?:provided|given|above) (?:context|text|information|documents?))\b[^.;]{0,20}"
    r"(?:\bnot|n't|\bno)\b[^.;]{0,20}\b(?:mention|contain|provide|specif|state|say|include|address|answer|give|discuss|information))"
)
_ONLY_REFUSAL = re.compile(r"\W*NO[_ \\]{1,2}ANSWER\W*")
_HEADING = re.compile(r"\s*(?:#{1,6}\s*(\S.*)|(?:\d{1,2}[.、]\s*)?\*\*([^*]+)\*\*\s*[:：]?)\s*")
_WORDS = re.compile(r"[A-Za-z0-9\u3400-\u9fff].*[A-Za-z0-9\u3400-\u9fff]")


class UnusableError(Exception):
    """Why a model's output is unusable, in words that the model can act on."""


def settled(text: str) -> str:
    """The part of a growing text that will not change any more: up to the sentence or JSON string that is being written."""
    if _OPEN_JSON.match(text):
        return text[: strings[-1].end()] if (strings := _strings(text)) else ""
    if text.lstrip().startswith(("{", "[", "`")):  # its meaning shows at its end
        return ""
    ranges = split_sentences(text)
    return text if text.endswith("\n") else text[: ranges[-1][0]] if ranges else ""


def plain_sentences(text: str, language: Language, keys: Sequence[str], echoes: Echoes) -> list[str]:
    """The sentences of `text`; none when the model says that there is no answer. Raises UnusableError.

    `keys` are those of the passages, `echoes` what the model was told, which it may repeat.
    """
    return [sentence for _, found in _sections(text, language, keys, echoes, False) for sentence in found]


def plain_outline(text: str, language: Language, keys: Sequence[str], echoes: Echoes) -> list[tuple[str, list[str]]]:
    """(heading, sentences) in order; what stands before the first heading has an empty one. Raises UnusableError."""
    sections = _sections(text, language, keys, echoes, True)
    if sections and not any(heading for heading, _ in sections):
        raise UnusableError("没有以 # 开头的小标题" if language == "zh" else "no line is a heading that begins with #")
    return sections


def _sections(
    text: str, language: Language, keys: Sequence[str], echoes: Echoes, headed: bool
) -> list[tuple[str, list[str]]]:
    body = _body(text)
    sections: list[tuple[str, list[str]]] = [("", [])]
    seen: set[str] = set()
    refused = _EMPTY_JSON.fullmatch(text) is not None
    refused = refused or (bool(body) and _ONLY_REFUSAL.fullmatch(body.splitlines()[0]) is not None)
    for line in [] if refused else body.splitlines():
        heading = _HEADING.fullmatch(line) if headed else None
        if echoes.has(line) or (heading is None and _NO_SENTENCE.fullmatch(line)):
            continue
        if heading is not None:
            sections.append((_clean(heading[1] or heading[2], keys).rstrip("：: "), []))
            continue
        for sentence in _sentences(echoes.without_reason(line), keys):
            if _REFUSAL.search(sentence) or is_about_check(sentence):
                refused = True
            elif not (sentence in seen or echoes.has(sentence) or _COURTESY.match(sentence) or is_about_text(sentence)):
                seen.add(sentence)
                sections[-1][1].append(sentence)
    kept = [section for section in sections if section[1]]
    if kept or not refused:
        _check(text, "".join(sentence for _, found in kept for sentence in found), language)
    return kept


def _body(text: str) -> str:
    """The lines of a text, or the strings of its JSON, one a line."""
    if _OPEN_JSON.match(text):
        return "\n".join(" ".join(_unquoted(string[1]).split()) for string in _strings(text))
    return "" if _is_json(text) else _FENCE.sub("", _THINKING.sub("", text)).strip()


def _strings(text: str) -> list[re.Match[str]]:
    """The whole strings of the array that _OPEN_JSON begins."""
    found: list[re.Match[str]] = []
    opened = _OPEN_JSON.match(text)
    at = opened.end() if opened else len(text)
    while string := _STRING.match(text, at):
        found.append(string)
        at = string.end()
    return found


def _unquoted(string: str) -> str:
    try:
        return str(json.loads(string, strict=False))
    except ValueError:  # an escape that JSON does not know
        return string[1:-1]


def _sentences(line: str, keys: Sequence[str]) -> list[str]:
    text = _clean(_LIST_MARK.sub("", line, count=1) if _LIST_MARK.match(line) else line, keys)
    if lead_in := _LEAD_IN.match(text):
        text = text[lead_in.end() :]
        text = text[:1].upper() + text[1:]
    found = (unframed(text[start:end]) for start, end in split_sentences(text))
    return [s for s in found if _WORDS.search(s) and has_own_words(s) and len(s) <= _LONGEST]


def _clean(line: str, keys: Sequence[str]) -> str:
    """A line without markup, links, markers, mentions of pages, and keys of passages."""
    line = html.unescape(line).translate(_TO_ASCII)
    line = _TAG.sub("", line)
    line = _LINK.sub(_words_of_link, line)
    for pattern in (_URL, _MARKER, _KEY, _PAGE_MENTION, _AFTER_THE_END):
        line = pattern.sub("", line)
    if keys:
        line = re.sub(
            rf"(?:\bpassages? |段落\s?|资料\s?)?(?<![A-Za-z0-9])(?:{'|'.join(keys)})(?![A-Za-z0-9])", "", line
        )
    line = _EMPHASIS.sub(r"\2", line.replace("**", "").replace("__", ""))
    while _REMAINS.search(line):  # what is left is broken, and taking one out may join two halves of another
        line = _REMAINS.sub("", line)
    line = " ".join(_LOOSE.sub("", " ".join(line.split())).split())
    return re.sub(r"<(?=[A-Za-z/!?|])", "< ", line)  # no tag of an unknown name either


def _words_of_link(link: re.Match[str]) -> str:
    is_image = link[0].startswith("!")
    return "" if is_image or _MARKER.fullmatch(link[1]) else link[1][1:-1]


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(_FENCE.sub("", text).strip()), dict | list)
    except (ValueError, RecursionError):  # thousands of `[` overflow the parser
        return False


def _check(text: str, written: str, language: Language) -> None:
    """UnusableError when nothing was written, or plainly in the other language."""
    zh = language == "zh"
    if not written:
        if _is_json(text):
            raise UnusableError("回复是 JSON，不是句子" if zh else "it is JSON, not sentences")
        raise UnusableError("没有一个完整的句子" if zh else "it holds no plain sentence")
    share = han_share(written)
    if len(written) >= _LANGUAGE_CHARS and (share == 0 if zh else share > 0.5):
        raise UnusableError("没有用中文写" if zh else "it is not in English")
