"""An answer or a digest in, a Word document (DOCX) out: sentences with marks, the sources they stand for at the end."""

from __future__ import annotations

import io
from collections.abc import Iterable

from docx import Document
from docx.document import Document as WordDocument

from api.atom import printable
from api.render import about_line, doubt
from api.schemas import AnswerOut, CitationOut, DigestOut, SentenceOut
from rag.cite import Marker, render_marker
from rag.domain import Language
from rag.say import say
from rag.text import language_of

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def answer_docx(answer: AnswerOut) -> bytes:
    """Question, sentences or the reason of a refusal, notices, sources."""
    written = _Written(answer.question, answer.language)
    if answer.refusal is not None:
        written.paragraph(answer.refusal)
    for sentence in answer.sentences:
        written.sentences([sentence])
    return written.end(answer.notices)


def digest_docx(digest: DigestOut) -> bytes:
    """Title and what is known of the report, the digest, notices, sources."""
    written = _Written(digest.report.title, digest.language)
    written.paragraph(about_line(digest.language, digest.report))
    for section in digest.sections:
        if section.heading:
            written.heading(section.heading)
        if digest.style == "brief":
            written.sentences(section.sentences)
        else:
            for sentence in section.sentences:
                written.sentences([sentence], style="List Bullet")
    return written.end(digest.notices)


class _Written:
    """A document as it grows. A page has one mark, however many sentences rest on it."""

    def __init__(self, title: str, language: Language) -> None:
        self._document: WordDocument = Document()
        self._language: Language = language
        self._marks: dict[tuple[str, int], list[CitationOut]] = {}
        about = self._document.core_properties
        about.title, about.author, about.comments = printable(title)[:255], "report-rag", ""
        self._document.add_heading(printable(title), 0)

    def heading(self, text: str) -> None:
        self._document.add_heading(printable(text), 2)

    def paragraph(self, text: str, style: str | None = None) -> None:
        self._document.add_paragraph(printable(text.replace("\t", " | ")), style)

    def sentences(self, sentences: Iterable[SentenceOut], style: str | None = None) -> None:
        """One paragraph."""
        self.paragraph(" ".join(sentence.text + self._marked(sentence) for sentence in sentences), style)

    def end(self, notices: Iterable[str]) -> bytes:
        """The document with notices and sources."""
        for notice in notices:
            self.paragraph(notice, "Intense Quote")
        if self._marks:
            self.heading(say("sources", self._language))
        for number, (_, citations) in enumerate(self._marks.items(), 1):
            self.paragraph(f"[{number}] {_source(citations, self._language)}")
        held = io.BytesIO()
        self._document.save(held)
        return held.getvalue()

    def _marked(self, sentence: SentenceOut) -> str:
        """` [1] [2]`, and a word on those that support it in part alone."""
        marks = ""
        for citation in sentence.citations:
            self._marks.setdefault((citation.report_id, citation.page), []).append(citation)
            number = list(self._marks).index((citation.report_id, citation.page)) + 1
            marks += f" [{number}]"
            if citation.verdict.label != "supported":
                marks += doubt(citation.verdict.label, language_of(sentence.text), citation.verdict.reason)
        return marks


def _source(citations: list[CitationOut], language: Language) -> str:
    """What the sentences rest on: report, page, its marker, and each quote once."""
    one = citations[0]
    day = one.published.isoformat() if one.published else None
    page = say("page", language, page=one.page + 1)
    about = ", ".join(part for part in (one.publisher, one.title, day, page) if part)
    quotes = " ".join(f"“{quote}”" for quote in dict.fromkeys(citation.quote for citation in citations))
    return f"{about} {render_marker(Marker(one.page, one.report_id))}: {quotes}"
