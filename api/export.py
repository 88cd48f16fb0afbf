"""An answer or a digest in, a Markdown text out, every sentence with a footnote for each page it rests on."""

from __future__ import annotations

import re

from fastapi import Response

from api.render import about_line, doubt
from api.schemas import AnswerOut, CitationOut, DigestOut, SentenceOut
from rag.domain import Language
from rag.text import language_of

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~])")


def download(content: str | bytes, media_type: str, name: str) -> Response:
    """A text or file for a browser to save. The name is plain ASCII."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if isinstance(content, bytes):
        return Response(content, media_type=media_type, headers=headers)
    return Response(content.encode(), media_type=f"{media_type}; charset=utf-8", headers=headers)


def answer_markdown(answer: AnswerOut) -> str:
    """Question, sentences and notes; a refusal has its reason."""
    notes: list[str] = []
    lines = [f"# {plain(answer.question)}", ""]
    if answer.refusal is not None:
        lines += [plain(answer.refusal), ""]
    for sentence in answer.sentences:
        lines += [marked(sentence, notes), ""]
    lines += [*notes, "", *(f"> {plain(notice)}" for notice in answer.notices)]
    return "\n".join(lines).rstrip() + "\n"


def digest_markdown(digest: DigestOut) -> str:
    """Title and what is known of the report, then the digest and its notes."""
    notes: list[str] = []
    report = digest.report
    lines = [f"# {plain(report.title)}", "", plain(about_line(digest.language, report)), ""]
    for section in digest.sections:
        if section.heading:
            lines += [f"## {plain(section.heading)}", ""]
        bullet = "- " if digest.style == "outline" else ""
        lines += [*(f"{bullet}{marked(sentence, notes)}" for sentence in section.sentences), ""]
    lines += [*notes, "", *(f"> {plain(notice)}" for notice in digest.notices)]
    return "\n".join(lines).rstrip() + "\n"


def plain(text: str) -> str:
    """Text as it stands, on one line: nothing of it is Markdown, and cells of a table row are parted by a bar."""
    flat = " ".join(text.replace("\t", " | ").split())
    return _SPECIAL.sub(r"\\\1", flat)


def marked(sentence: SentenceOut, notes: list[str]) -> str:
    """The sentence with its footnote marks; the notes are added to those there are."""
    marks = []
    for citation in sentence.citations:
        notes.append(f"[^{len(notes) + 1}]: {_note(citation, language_of(sentence.text))}")
        marks.append(f"[^{len(notes)}]")
    return plain(sentence.text) + "".join(marks)


def _note(citation: CitationOut, language: Language) -> str:
    day = citation.published.isoformat() if citation.published else None
    shown = [citation.publisher, citation.title, day, f"p. {citation.page + 1}"]
    doubted = citation.verdict.label != "supported"
    said = doubt(citation.verdict.label, language, plain(citation.verdict.reason)) if doubted else ""
    marker = f"`[page::{citation.page}](report:{citation.report_id})`"
    return f"{plain(', '.join(part for part in shown if part))} {marker}: “{plain(citation.quote)}”{said}"
