"""Which primary statements of a filing a question is answered from, and the words by which their pages are known.

"What is the inventory turnover" shares no word with the balance sheet and the income statement it is computed from; who
knows accounting turns there at once. `statements.tsv` says what is read or computed from each statement, as terms of the
lexicon, and which lines stand on one: a query of these lines finds its page, whatever the filer calls it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from rag.domain import Statement, Term
from rag.lexicon import Lexicon
from rag.text import fold
from rag.wanted import kinds

BUNDLED = Path(__file__).with_name("statements.tsv")
_STATEMENTS: tuple[Statement, ...] = get_args(Statement)
_NOT_TOLD = re.compile(  # parts of the business, adjusted figures, expectations
    r"分部|各地区|地区分|品类|产品线|业务线|分业务|分产品|(?<!未)经调整|预计|预期|预测|指引|展望"
    r"|\b(?:segments?|product (?:lines?|categor\w+)|categor\w+|regions?|geograph\w+|adjusted|non-gaap|expect\w*|guidance|outlook"
    r"|forecasts?)\b"
)


@dataclass(frozen=True, slots=True)
class Statements:
    """`holds`: the lines of each statement, in both languages; `answers`: by the text of a term the statements it asks for."""

    holds: dict[Statement, tuple[str, ...]]
    answers: dict[str, frozenset[Statement]]

    @classmethod
    def load(cls, lexicon: Lexicon) -> Statements:
        """The bundled file, each of its terms by all names that the lexicon has for it."""
        holds: dict[Statement, tuple[str, ...]] = {}
        answers: dict[str, frozenset[Statement]] = {}
        for statement, kind, names in _read(BUNDLED):
            if kind == "holds":
                holds[statement] = (*holds.get(statement, ()), *names)
                continue
            for term in (term for name in names for term in lexicon.find(name)):
                for text in (term.text, *(t.text for other in (*term.zh, *term.en) for t in lexicon.find(other))):
                    answers[text] = answers.get(text, frozenset()) | {statement}
        return cls(holds, answers)

    def asked(self, question: str, terms: Iterable[Term]) -> tuple[Statement, ...]:
        """The statements that hold the answer; none for a question about what the primary ones do not tell, as a cause.

        What follows the question mark ("if it is no useful metric, explain why") says how to answer.
        """
        if not is_told(question):
            return ()
        named = frozenset[Statement]().union(*(self.answers.get(term.text, frozenset()) for term in terms))
        return tuple(statement for statement in _STATEMENTS if statement in named)


def is_told(question: str) -> bool:
    """Whether a primary statement can tell it: no part of the business, no adjusted figure, no expectation, no cause."""
    text = fold(question).split("?")[0]
    return not _NOT_TOLD.search(text) and "cause" not in kinds(text)


def _read(path: Path) -> Iterable[tuple[Statement, str, tuple[str, ...]]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, kind, names = line.split("\t")
            statement = next(s for s in _STATEMENTS if s == name)
            yield statement, kind, tuple(names.split("|"))
