"""Digests out: that of one report, and the feed of all, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from api import word
from api.atom import MEDIA_TYPE, atom_feed
from api.cursor import make_cursor, read_cursor, whole_number
from api.deps import CallerDep, Cursor, Names, ServiceDep, filter_of, find_report
from api.errors import problems
from api.export import digest_markdown, download
from api.present import digest_out
from api.schemas import DigestOut
from api.schemas_service import DigestsOut
from api.word import digest_docx
from rag.catalog import DigestPlace, Listed
from rag.domain import Language, ReportType, Style

router = APIRouter(prefix="/v1", tags=["digests"])
StyleIn = Annotated[Style, Query(description="One paragraph, or sections of bullets.")]
LanguageIn = Annotated[Language | None, Query(description="By default the report's own; another one needs an LLM.")]
Format = Literal["md", "json", "docx"]
_FEED: dict[int | str, dict[str, Any]] = {200: {"content": {MEDIA_TYPE: {}}, "description": "The feed (RFC 4287)."}}


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A leaf of the feed, and the cursor for the one behind it."""

    digests: list[DigestOut]
    next: str | None


def _leaf(
    service: ServiceDep,
    caller: CallerDep,
    style: StyleIn = "brief",
    publisher: Annotated[Names, Query(description="Only these publishers; any known name of each.")] = [],  # noqa: B006
    since: Annotated[str | None, Query(description="Reports published on or after: YYYY[-MM[-DD]].")] = None,
    until: Annotated[str | None, Query(description="Reports published on or before: YYYY[-MM[-DD]].")] = None,
    language: Annotated[Names, Query(description="Only reports in these languages: zh, en.")] = [],  # noqa: B006
    type: Annotated[list[ReportType], Query(description="Only reports of these types.")] = [],  # noqa: B006
    company: Annotated[
        str | None, Query(max_length=200, description="Part of a company's name, or its ticker.")
    ] = None,
    made_since: Annotated[datetime | None, Query(description="Only digests made after this time, to poll.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Cursor = None,
) -> _Leaf:
    if made_since is not None and made_since.tzinfo is None:
        made_since = made_since.replace(tzinfo=UTC)
    limits = filter_of(service, caller, publisher=publisher, since=since, until=until, language=language)
    listed = Listed(limits, tuple(dict.fromkeys(type)), company)
    asked = {"list": "digests", "of": listed, "style": style, "made_since": made_since}
    after = read_cursor(cursor, asked, _place)
    found = service.catalog.digests_after(listed, style, made_since=made_since, after=after, limit=limit)
    more = make_cursor(asked, [found[-1][2][0].isoformat(), found[-1][2][1]]) if len(found) == limit else None
    return _Leaf([digest_out(digest, report) for digest, report, _ in found], more)


LeafDep = Annotated[_Leaf, Depends(_leaf)]


@router.get("/digests", responses=problems(422))
def list_digests(leaf: LeafDep) -> DigestsOut:
    """The newest digest of each report that has one and that it still fits, last made first."""
    return DigestsOut(digests=leaf.digests, next=leaf.next)


@router.get("/digests.atom", responses={**problems(422), **_FEED}, response_class=Response)
def atom(leaf: LeafDep, request: Request) -> Response:
    """The same as an Atom feed, to be read by feed readers; a link `next` leads to the leaf behind it."""
    behind = None if leaf.next is None else str(request.url.include_query_params(cursor=leaf.next))
    asked = str(request.url.remove_query_params(["cursor", "limit"]).query)
    body = atom_feed(leaf.digests, home=str(request.base_url), itself=str(request.url), behind=behind, asked=asked)
    return Response(body, media_type=f"{MEDIA_TYPE}; charset=utf-8")


def _place(made: str, number: int) -> DigestPlace:
    when = datetime.fromisoformat(made)
    if when.tzinfo is None:
        raise ValueError
    return when, whole_number(number)


@router.get("/reports/{report_id}/digest", responses=problems(404, 422))
def get_digest(
    report_id: str,
    service: ServiceDep,
    caller: CallerDep,
    style: StyleIn = "brief",
    language: LanguageIn = None,
) -> DigestOut:
    """The standing digest of a report, every sentence with its page; made at the first call, which may take long."""
    report = find_report(service.catalog, caller, report_id)
    return digest_out(service.digester.digest(report, style, language=language), report)


@router.get("/reports/{report_id}/digest/export", responses=problems(404, 422), response_class=Response)
def export_digest(
    report_id: str, service: ServiceDep, caller: CallerDep, style: StyleIn = "brief", format: Format = "md"
) -> Response:
    """The digest as a file, Markdown, JSON or Word, with its citations."""
    digest = get_digest(report_id, service, caller, style)
    name = f"digest-{digest.report.id}-{style}"
    if format == "json":
        return download(digest.model_dump_json(indent=2), "application/json", f"{name}.json")
    if format == "docx":
        return download(digest_docx(digest), word.MEDIA_TYPE, f"{name}.docx")
    return download(digest_markdown(digest), "text/markdown", f"{name}.md")
