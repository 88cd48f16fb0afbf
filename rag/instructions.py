"""Text of a page to the paragraphs of it that speak to a language model instead of a reader; those are no evidence.

General patterns in English and Chinese: earlier instructions set aside, a role given, a reply prescribed, prompts asked
for, control tokens. They keep such text out of answers; what keeps a model's obedience harmless is that every sentence it
writes is checked against the rest of the page.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache

from rag.text import joiner

_AI = r"(?:AI|artificial intelligence|LLM|GPT|(?:large )?language models?|chat ?bots?|assistants?|copilots?|summari[sz]ers?)"
_AN_AI = rf"(?:{_AI})(?: (?:language )?(?:models?|assistants?|systems?|agents?|tools?))?"
_EARLIER = r"(?:previous|prior|preceding|earlier|above|foregoing|your|system|original|initial|existing)"
_ENGLISH = (
    # earlier instructions set aside
    rf"\b(?:ignore|disregard|forget|override|overrule|bypass|discard)\s+(?:[\w’']+\s+){{0,3}}?(?:{_EARLIER}\s+)(?:[\w’']+\s+){{0,2}}?"
    r"(?:instructions?|prompts?|rules?|directions?|guidelines?|directives?|commands?|constraints?|context|guardrails?|training|messages?|documents?|passages?)\b",
    r"\b(?:ignore|disregard|forget|override|bypass)\s+(?:all|any|the|these|those|every|everything|whatever)\s+(?:[\w’']+\s+){0,3}?"
    r"(?:instructions?|prompts?|said|retrieved|guardrails?|safety)\b",
    r"\b(?:ignore|disregard|forget)\s+(?:everything|anything|all|whatever)\s+(?:that )?(?:you|I|we|was|were|is|came|comes|said|above|before)\b",
    rf"\b(?:instructions?|rules?|prompts?)\b[^.]{{0,30}}\b(?:are|is) (?:now )?(?:void|cancelled|canceled|revoked|superseded by (?:this|these))\b[^.]{{0,60}}\b(?:you|{_AI})\b",
    # a role
    r"\byou are (?:now|no longer|actually|henceforth)\s+(?:an?|the|in|free|bound|required|operating|acting|DAN|allowed|restricted)\b",
    rf"\b(?:act|behave|respond|role-?play)\s+as\s+(?:if you (?:were|are)|an? (?:unrestricted|unfiltered|different|jailbroken|{_AN_AI}))\b",
    r"\bpretend\s+(?:to be|you are|that you|you have)\b",
    rf"\bas an?\s+{_AN_AI}\s*,?\s*(?:you|I|we|please|must|do not|don't|always|never)\b",
    r"\b(?:enable|enter|activate|switch (?:to|into)|you are in)\s+(?:developer|debug|DAN|admin|god|maintenance|unrestricted|jailbreak)\s+mode\b",
    # spoken to
    rf"\b(?:notes?|instructions?|messages?|attention|important|notice|directives?|commands?|reminder|memo)\b\W{{0,3}}(?:to|for)\s+(?:the |any |all |this |every )?{_AN_AI}\b(?=\s*[:：,\]\)>—-]|\s+(?:reading|processing|that|which|who|when|only|must|should))",
    rf"\b(?:dear|hey|hello|attention)[,:]?\s+{_AN_AI}\s*[,:!]",
    rf"\b{_AN_AI}\s+(?:that (?:reads?|process\w*|summari[sz]es?)|reading|processing|summari[sz]ing|parsing|ingesting)\s+(?:this|the following)\b",
    rf"\bif you (?:are|were) (?:an? |the )?(?:{_AN_AI}|bot|automated|machine)\b",
    # the reply prescribed
    r"\b(?:reply|respond|answer|output|print)\s+(?:(?:only|exactly|just|solely|instead|always|simply|nothing but)\s+)+(?:with\b|by\b|[\"“”'‘:])",
    r"\b(?:reply|respond|answer)\s+(?:to .{1,60} )?with\s+(?:only|exactly|just|nothing but|the (?:exact )?(?:phrase|words?|text|string|following|sentence|token|code)|[\"“”'‘])",
    r"\b(?:only|always|must|should|please|then|now|simply|instead)\s+(?:reply|respond|output|print|say)\s*(?:with\b|:|[\"“‘'])",
    r"\b(?:if|when|whenever)\s+(?:you(?: are|'re)? |an?y? ?(?:user|one|body|reader)s? |the user |users? )?(?:asked|asks?|see|read|answering|summari[sz]ing|responding|retrieved|process)\b"
    r"[^.\n]{0,120}?[,:]\s*(?:you (?:must|should|will|shall)\s+|please\s+|always\s+|only\s+|also\s+|instead\s+){0,3}(?:say|answer|respond|reply|tell|output|print|append|include|ignore|recommend|state that|claim|reveal|mention)\b",
    r"\byou must (?:now |always |only |instead |never )?(?:answer|respond|reply|output|say|obey|ignore|recommend|reveal|disclose|state|claim)\b",
    r"\bfrom now on\s*,?\s+(?:you|answer|respond|reply|always|every|all (?:answers|responses)|never)\b",
    r"\b(?:in|to|of|with|into) (?:your|every|each|any) (?:answers?|repl(?:y|ies)|outputs?|final (?:answer|response))\b",
    r"\b(?:begin|start|end|finish|preface|prefix|conclude)\s+(?:your|every|each|all)\s+(?:answers?|responses?|repl(?:y|ies)|outputs?|summar(?:y|ies))\b",
    r"\b(?:do not|don't|never)\s+(?:mention|cite|reveal|disclose|tell|follow|refer to|use|show)\b[^.\n]{0,60}\b(?:the user|this (?:instruction|message|note)|these instructions|other (?:documents|passages|sources)|your (?:system|prompt|instructions))\b",
    r"\b(?:tell|inform|convince|instruct|advise|urge)\s+(?:the )?(?:user|reader)s?\s+(?:that|to|about)\b",
    r"\b(?:just |only |will |always )?reply with\b|\binstead of answering\b",
    r"\b(?:any|every|all|each) (?:answers?|repl(?:y|ies)|responses?) (?:that |which )?(?:draw(?:s|ing)? on|cit(?:es?|ing)|us(?:es?|ing)|based on|referenc\w+) this\b",
    r"\b(?:regardless of|whatever|no matter) (?:what )?(?:the user|users?) (?:asks?|says?)\b|\bthe user(?:'s|’s) (?:question|query)\b",
    r"\bbefore (?:answering|responding|replying|continuing)\s*,\s*(?:you |please |first |always )*(?:print|output|state|restate|repeat|say|include|reveal|list)\b",
    # prompts, secrets and control tokens
    r"\bsystem prompts?\b",
    r"\b(?:reveal|print|output|repeat|disclose|leak|display|dump|show|summari[sz]e)\b[^.\n]{0,40}\b(?:your|all|hidden|initial|full)\s+(?:[\w’']+\s+){0,2}?(?:prompts?|instructions|system message|configuration|api keys?|conversation|chat history|context window)\b",
    r"\b(?:send|post|forward|e-?mail|exfiltrate|transmit|upload)\b[^.\n]{0,60}\b(?:conversation|chat history|user(?:'s|’s)? (?:question|query|data)|api keys?|system message)\b",
    r"\bnew (?:instructions?|task|directives?|system message)\s*[:：]",
    r"\b(?:begin|end|start)\s+(?:of\s+)?(?:system|new|hidden|admin|user|assistant)\s+(?:instructions?|prompts?|messages?|override)\b",
    r"\bsystem\s+(?:messages?|instructions?|override|directives?|notices?)\s*[:：\]]",
    r"[\[\(<*#]\s*(?:system|assistant|developer|admin)\s*[\]\)>*]{0,2}\s*[:：]\s*(?=(?:you|ignore|disregard|the (?:user|assistant)|from now|reply|respond|answer|new|always|override|do not|print|output|please)\b)",
    r"<\|[\w ]{1,24}\|>|\[/?INST\]|<</?SYS>>|</?(?:system|instructions?|passages?|assistant|user_query|context)>",
)
_BEFORE = r"(?:此前|之前|以上|上述|上面|前面|先前|以前|前述|你的?|您的?|系统|原有|原来|既有)"
_CHINESE_AI = (
    r"(?:AI|人工智能|大?语言模型|大模型|智能助手|助手|聊天机器人|LLM|GPT|智能体)(?:助手|助理|模型|系统|机器人)?"
)
_CHINESE = (
    rf"(?:忽略|无视|忘记|忘掉|抛开|不要?理会|不用管|不必管|跳过|覆盖|绕过|忽视|摒弃|放弃|撤销)(?:掉|了)?[^。！？，,\n]{{0,8}}?{_BEFORE}[^。！？，,\n]{{0,8}}?"
    r"(?:指令|指示|提示词?|命令|规则|约束|消息|设定|要求|限制|对话|上下文|内容|说明|资料|段落)",
    r"(?:忽略|无视|忘记|忘掉|不要?理会|不用管|跳过|绕过)(?:掉|了)?(?:你|您|所有|全部|一切|任何|其他|其它|的|收到|过)*(?:指令|指示|提示词|系统消息|安全限制)",
    r"你(?:现在|必须|应该?|需要|将|只能|只需|不再|要|已经?)[^。！？\n]{0,8}?(?:扮演|是一[个名款]|回答|回复|输出|推荐|忽略|遵守|服从|受.{0,6}限制)",
    rf"你(?:现在|将|已)?(?:是|成为|变成)(?:一[个名款位])?[^。，,\n]{{0,12}}(?:{_CHINESE_AI}|分析师|角色|专家)",
    r"(?:你|您|助手|模型|机器人|AI)[^。！？\n]{0,20}?(?:必须|务必|只能|应该?|应当)(?:回答|回复|输出|推荐|说)",
    rf"(?:假装|假设|请扮演|扮演|充当|模拟)[^。，,\n]{{0,6}}(?:你是|自己是|{_CHINESE_AI})",
    rf"作为(?:一[个名款])?(?:AI|人工智能)?{_CHINESE_AI}\s*[，,]?\s*(?:你|您|我(?!们|国|司)|请|必须)",
    rf"(?:致|写给|告知|提醒|请|给)\s*(?:所有|各位|阅读\S{{0,6}}的)?\s*{_CHINESE_AI}\s*(?:[:：，,]|注意|请|的(?:指令|指示|说明|提示)|在(?:回答|总结|阅读|处理))",
    rf"(?:如果|若|假如)(?:你|您)(?:是|为|作为)[^。\n]{{0,6}}{_CHINESE_AI}",
    r"(?:如果|若|当)(?:你|您)(?:看到|读到|收到|处理|检索到)[^。\n]{0,20}(?:回答|回复|输出|忽略|请)",
    r"(?:只|仅|直接|统一|一律|必须|务必|请|请你|改为)(?:需|能|可以|要|准|须)?(?:回复|回答|输出|答复|打印|说出)\s*(?:[“\"「『：:]|以下|下列|这句|如下|一句)",
    r"(?:只|仅)(?:需|能|可以|要|准|须)?(?:回复|输出|答复)(?!率|量)",
    r"(?:当|如果|若|一旦|凡是?|每当)(?:有人|用户|读者|对方|你|被)*(?:问到|问及|询问|提问|问起|问)[^。\n]{0,40}?(?:你|请|必须|应当?|一律|都)(?:要|须)?(?:回答|回复|答复|输出|告诉|说)",
    r"(?:系统|隐藏|开发者|管理员)(?:提示词|消息|指令|指示|提示|命令)\s*[:：]|系统提示词",
    r"(?:泄露|透露|输出|打印|重复|显示|告诉我|复述|公开)[^。，,\n]{0,6}(?:你的|全部的?|完整的?|系统|隐藏|初始|原始)[^。，,\n]{0,6}(?:提示词?|指令|设定|配置|密钥)",
    r"(?:在|于)?(?:你的|你每次的?|每[个次条]|最终)(?:回答|回复|答案|输出)(?:中|里|之?前|之?后|末尾|开头|的?(?:结尾|末尾|开头|最后))",
    r"(?:不要|切勿|不得|禁止|不许|别)[^。，,\n]{0,6}(?:提及|透露|提到|说出|引用|告诉|执行)[^。，,\n]{0,8}(?:用户|本指令|该指令|这段|此段|本说明|其他(?:段落|资料|文档)|指令|提示词)",
    r"凡是?(?:参考|引用|依据|基于)(?:本|此|该|这)(?:文档|文件|报告|文|页|资料)[^。，,\n]{0,6}的?(?:回复|回答|答复)",
    r"(?:无论|不管|不论)(?:用户|读者|对方)(?:问|提|说)",
    r"从现在(?:开始|起)\s*[，,]?\s*(?:你|请|所有回答|一律|每次)",
    r"(?:新的?|最新|最高优先级|紧急|优先)(?:系统)?(?:指令|任务|命令)\s*[:：]",
    r"(?:告诉|告知|说服|建议)用户",
)
# One by one: a joined pattern has no fixed start to look for, and takes three times as long.
_ROLE = re.compile(  # of a turn, at the start of a line
    r"(?:system|assistant|developer|admin)\s*[:：]\s*(?:you|ignore|disregard|the (?:user|assistant)|from now|reply|respond|answer|new"
    r"|always|override|do not|print|output|please)\b",
    re.IGNORECASE,
)
_PATTERNS = [re.compile(pattern, re.IGNORECASE) for pattern in (*_ENGLISH, *_CHINESE)]


def is_instruction(text: str) -> bool:
    """Whether a text speaks to a language model somewhere."""
    return bool(_lines(text))


def without_instructions(text: str) -> str:
    """The text without such paragraphs (lines)."""
    drop = _lines(text)
    return "\n".join(line for i, line in enumerate(text.split("\n")) if i not in drop) if drop else text


def instruction_ranges(text: str) -> list[tuple[int, int]]:
    """The ranges of such paragraphs (lines)."""
    drop = _lines(text)
    ranges: list[tuple[int, int]] = []
    start = 0
    for i, line in enumerate(text.split("\n")):
        if i in drop:
            ranges.append((start, start + len(line)))
        start += len(line) + 1
    return ranges


@lru_cache(maxsize=512)
def _lines(text: str) -> frozenset[int]:
    """Which lines a pattern touches; it may begin on one and end on another."""
    joined, starts = "", []
    touched: set[int] = set()
    for number, line in enumerate(map(_folded, text.split("\n"))):
        if _ROLE.match(line):
            touched.add(number)
        starts.append(len(joined))
        joined += line + (joiner(line[-1], "") if line else " ")
    for pattern in _PATTERNS:
        for match in pattern.finditer(joined):
            touched.update(range(bisect_right(starts, match.start()) - 1, bisect_right(starts, match.end() - 1)))
    return frozenset(touched)


def _folded(text: str) -> str:
    """Compatibility forms made plain, invisible characters out, runs of blanks made one."""
    plain = unicodedata.normalize("NFKC", text)
    return " ".join("".join(c for c in plain if unicodedata.category(c) != "Cf").split())
