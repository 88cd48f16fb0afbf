"""Digests in, an Atom feed out (RFC 4287): an entry each, every sentence with links to the pages it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from html import escape
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from api.render import about_line
from api.schemas import CitationOut, DigestOut, SentenceOut

MEDIA_TYPE = "application/atom+xml"
_ATOM = "http://www.w3.org/2005/Atom"
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
register_namespace("", _ATOM)


def atom_feed(digests: Sequence[DigestOut], *, home: str, itself: str, behind: str | None, asked: str = "") -> bytes:
    """`home` is the address of the web page, ending in `/`; `itself` of this feed, `behind` of the leaf behind it.

    `asked` are the filters: feeds of other filters are other feeds, and all leaves of one are the same.
    """
    feed = Element(f"{{{_ATOM}}}feed")
    _add(feed, "id", f"urn:report-rag:digests{f':{asked}' if asked else ''}")
    _add(feed, "title", "report-rag")
    _add(feed, "updated", max((digest.made for digest in digests), default=_NEVER).isoformat())
    _add(feed, "link", rel="self", href=itself, type=MEDIA_TYPE)
    _add(feed, "link", rel="alternate", href=f"{home}#/feed", type="text/html")
    if behind is not None:
        _add(feed, "link", rel="next", href=behind, type=MEDIA_TYPE)
    for digest in digests:
        _entry(feed, digest, home)
    body: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return body


def printable(text: str) -> str:
    """The text without what no XML can hold."""
    return _NO_XML.sub("", text)


def _entry(feed: Element, digest: DigestOut, home: str) -> None:
    """The id stays as long as report and style do; a digest that was made anew is the same entry, updated."""
    report = digest.report
    entry = SubElement(feed, f"{{{_ATOM}}}entry")
    _add(entry, "id", f"urn:report-rag:digest:{report.id}:{digest.style}")
    _add(entry, "title", report.title)
    _add(entry, "updated", digest.made.isoformat())
    _add(entry, "published", report.added.isoformat())
    _add(entry, "link", rel="alternate", href=f"{home}#/feed?r={report.id}&p=0", type="text/html")
    _add(SubElement(entry, f"{{{_ATOM}}}author"), "name", report.publisher or "report-rag")
    for term in filter(None, (report.type, report.company)):
        _add(entry, "category", term=term)
    _add(entry, "summary", about_line(digest.language, report))
    content = _add(entry, "content", "".join(_html(digest, home)), type="html")
    content.set("{http://www.w3.org/XML/1998/namespace}lang", digest.language)


def _html(digest: DigestOut, home: str) -> Iterator[str]:
    for section in digest.sections:
        if section.heading:
            yield f"<h3>{escape(section.heading)}</h3>"
        sentences = [_sentence(sentence, home) for sentence in section.sentences]
        if digest.style == "brief":
            yield f"<p>{' '.join(sentences)}</p>"
        else:
            yield f"<ul>{''.join(f'<li>{sentence}</li>' for sentence in sentences)}</ul>"
    yield from (f"<p><em>{escape(notice)}</em></p>" for notice in digest.notices)


def _sentence(sentence: SentenceOut, home: str) -> str:
    marks = "".join(f" {_mark(citation, home)}" for citation in sentence.citations)
    return escape(sentence.text.replace("\t", " | ")) + marks


def _mark(citation: CitationOut, home: str) -> str:
    address = f"{home}#/feed?r={citation.report_id}&p={citation.page}"
    return f'<a href="{escape(address)}">[p. {citation.page + 1}]</a>'


def _add(parent: Element, tag: str, text: str | None = None, **attributes: str) -> Element:
    made = SubElement(parent, f"{{{_ATOM}}}{tag}", {name: printable(value) for name, value in attributes.items()})
    made.text = None if text is None else printable(text)
    return made
