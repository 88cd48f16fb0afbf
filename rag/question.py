"""A question to what it asks for: its language, the publishers, companies, periods and terms it names. Needs no model."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.companies import Companies
from rag.domain import Understood
from rag.errors import UsageError
from rag.lexicon import Lexicon
from rag.periods import find_periods
from rag.publishers import Publishers
from rag.statements import Statements
from rag.text import fold, language_of

LONGEST = 2000
_TRADE = re.compile(
    r"(?:证券|研究所|研究院|国际|股份有限公司|有限公司|\s*\b(?:securities|research|capital|partners|group|inc|ltd|plc)\b\.?)+$",
    re.IGNORECASE,
)


_NO_COMPANIES = Companies(())
_NO_TERMS = Lexicon(())
_NO_STATEMENTS = Statements({}, {})


def understand(
    question: str,
    publishers: Publishers,
    known: Iterable[str] = (),
    companies: Companies = _NO_COMPANIES,
    lexicon: Lexicon = _NO_TERMS,
    statements: Statements = _NO_STATEMENTS,
) -> Understood:
    """`known` are the publishers of the catalog, looked for beside the alias file; `companies` those of its reports.

    UsageError if the question is blank or over-long.
    """
    text = " ".join(question.split())
    if not text:
        raise UsageError("the question is empty: ask something, for example: what does CICC say about AH premium")
    if len(text) > LONGEST:
        raise UsageError(f"the question has {len(text)} characters, at most {LONGEST} are read: shorten it")
    aliased = [mention.canonical for mention in publishers.find(text)]
    named = [name for name in known if _is_named(name, fold(text))]
    terms = lexicon.find(text)
    return Understood(
        question=text,
        language=language_of(text),
        mentioned=tuple(dict.fromkeys(aliased + named)),
        companies=companies.find(text),
        periods=tuple(map(str, find_periods(text))),
        terms=terms,
        statements=statements.asked(text, terms),
    )


def _is_named(publisher: str, folded: str) -> bool:
    """Whether a publisher is named in full or without its trade words (Acme Securities: Acme)."""
    core = _TRADE.sub("", fold(publisher)).strip()
    least = 2 if language_of(core) == "zh" else 4
    return len(core) >= least and re.search(rf"(?<![a-z0-9]){re.escape(core)}(?![a-z0-9])", folded) is not None
