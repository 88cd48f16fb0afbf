"""What of an answer a caller may see, whatever it was made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from api.access import LOCAL, Caller
from api.answering import reports_of, seen_by
from rag.domain import Answer, Chunk, Citation, Passage, Refusal, Report, Sentence, Understood, Verdict
from rag.retrieve import Retrieval

GUEST = Caller("k", "guest", "read", ("A",))


def passage(publisher: str) -> Passage:
    now = datetime.now(UTC)
    report = Report(publisher * 16, "0" * 64, "title", publisher, None, "en", 1, (), now)
    return Passage(Chunk("c", report.id, 0, 0, "text", ()), report, None, 1.0)


def sentence(publisher: str) -> Sentence:
    cited = Citation(publisher * 16, 0, None, publisher, "title", None, "quote", (), Verdict("supported", "s"))
    return Sentence(f"said by {publisher}", (cited,))


ASKED = Understood("q", "en", "q")
BOTH = (passage("A"), passage("B"))
ANSWER = Answer(ASKED, (sentence("A"), sentence("B")), None, BOTH, "extractive", None)
REFUSED = Answer(ASKED, (), Refusal("ask B, who writes of it", BOTH), BOTH, "none", None)


def test_what_belongs_to_others_is_left_out() -> None:
    for step in (ANSWER, REFUSED, Retrieval(ASKED, BOTH, ()), sentence("B")):
        assert seen_by(LOCAL, step) is step
        assert set(reports_of(seen_by(GUEST, step))) <= {"A" * 16}
    seen = seen_by(GUEST, ANSWER)
    assert isinstance(seen, Answer)
    assert [s.text for s in seen.sentences] == ["said by A"]


def test_a_reason_that_rests_on_others_is_not_told() -> None:
    seen = seen_by(GUEST, REFUSED)
    assert isinstance(seen, Answer)
    assert seen.refusal is not None
    assert "B" not in seen.refusal.reason
    own = replace(REFUSED, refusal=Refusal("nothing there", BOTH[:1]))
    kept = seen_by(GUEST, own)
    assert isinstance(kept, Answer)
    assert kept.refusal == own.refusal
