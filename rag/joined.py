"""A clause without a subject of its own, put behind a clause of another sentence: whose it is has changed.

`公司已有产能14万吨，预计2033年建成` of a page that says the second of the project that is named right before it there. Chinese
only, where such clauses have no subject.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from rag.segments import Segment, clauses_of, segments_of

_NO_SUBJECT = re.compile(
    r"\s*(?:预计|预期|将|并|已|达到?|较|同比|环比|占|增长|下降|减少|约|为|比|有望|仍|均|可(?!转债|比)|以|足以|导致|使|从而|进而|于|在\d)"
)
_SAID = 0.8  # share of a clause's words that the page's clause has
_LEAST = 4  # words
_TOLD = 0.4  # share of the clause before that what stands before it on the page has


def joined(sentence: str, page_text: str) -> Segment | None:
    """The clause of the page whose subject the sentence has changed; None where it may not have."""
    page = [segment for segment in segments_of(page_text) if not segment.is_cell]
    for before, clause in pairwise(clauses_of(sentence)):
        if not _NO_SUBJECT.match(clause.text) or min(len(clause.terms), len(before.terms)) < _LEAST:
            continue
        saying = [s for s in page if len(clause.terms & s.terms) >= _SAID * len(clause.terms)]
        if saying and all(_is_behind_another(s, before, page) for s in saying):
            return saying[0]
    return None


def _is_behind_another(segment: Segment, before: Segment, page: Sequence[Segment]) -> bool:
    """Whether a clause without a subject has other words before it on the page than the sentence has."""
    leading = [s for s in page if s.sentence == segment.sentence and s.start < segment.start]
    told = frozenset[str]().union(*(s.terms for s in leading))
    is_open = _NO_SUBJECT.match(segment.text) is not None
    return is_open and bool(leading) and len(before.terms & told) < _TOLD * len(before.terms)
