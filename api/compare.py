"""A comparison in, the response of the HTTP API out, and the text of it for a terminal and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from api.export import marked, plain
from api.present import sentence_out, understood_out
from api.render import marked_text, writer_name
from api.schemas import SentenceOut
from api.schemas_compare import ChangeOut, ClaimOut, CompareOut, ContrastOut, RecordedOut, StanceOut, ViewOut
from rag.cite import Marker, render_marker
from rag.comparison import Basis, Change, Claim, Comparison, Contrast, RecordedField, Stance, View
from rag.domain import Report


def compare_out(comparison: Comparison) -> CompareOut:
    return CompareOut(
        **dict(understood_out(comparison.understood)),
        basis=comparison.basis,
        views=[_view_out(view) for view in comparison.views],
        agreements=[_contrast_out(contrast) for contrast in comparison.agreements],
        differences=[_contrast_out(contrast) for contrast in comparison.differences],
        left_out=list(comparison.left_out),
        writer=comparison.writer,
        model=comparison.model,
        notices=list(comparison.notices),
    )


def _view_out(view: View) -> ViewOut:
    return ViewOut(
        side=view.side,
        reason=view.reason,
        stances=[_stance_out(stance) for stance in view.stances],
        changes=[_change_out(change) for change in view.changes],
        moved=[_contrast_out(contrast) for contrast in view.moved],
    )


def _stance_out(stance: Stance) -> StanceOut:
    report = stance.report
    return StanceOut(
        report_id=report.id,
        title=report.title,
        publisher=report.publisher,
        company=report.company,
        published=report.published,
        rating=report.rating,
        target_price=report.target_price,
        sentences=[sentence_out(sentence) for sentence in stance.sentences],
    )


def _change_out(change: Change) -> ChangeOut:
    return ChangeOut(
        field=change.field,
        company=change.company,
        was=_recorded(change.before, change.field, change.was),
        now=_recorded(change.after, change.field, change.now),
    )


def _recorded(report: Report, field: RecordedField, value: str) -> RecordedOut:
    return RecordedOut(value=value, report_id=report.id, published=report.published, page=page_of(report, field))


def page_of(report: Report, field: RecordedField) -> int | None:
    """The page a field of a report was read from."""
    return next((fact.page for fact in report.facts if fact.name == field), None)


def _contrast_out(contrast: Contrast) -> ContrastOut:
    return ContrastOut(
        relation=contrast.relation,
        subject=contrast.subject,
        period=contrast.period or None,
        claims=[_claim_out(claim) for claim in contrast.claims],
    )


def _claim_out(claim: Claim) -> ClaimOut:
    return ClaimOut(
        side=claim.side,
        says=claim.says,
        report_id=claim.report.id,
        published=claim.report.published,
        sentence=sentence_out(claim.sentence),
    )


def reports_of(comparison: Comparison) -> Iterator[str]:
    """The reports that a comparison names."""
    for view in comparison.views:
        yield from (stance.report.id for stance in view.stances)
        yield from (claim.report.id for contrast in view.moved for claim in contrast.claims)
    for contrast in (*comparison.agreements, *comparison.differences):
        yield from (claim.report.id for claim in contrast.claims)


# --- as text ---------------------------------------------------------------------------------------------------------


def compare_markdown(made: CompareOut) -> str:
    """The topic, agreements and differences, then the views by side and report, with footnotes for the pages."""
    notes: list[str] = []
    lines = [f"# {plain(made.question)}", ""]
    for heading, contrasts in (("Agreements", made.agreements), ("Differences", made.differences)):
        if contrasts:
            lines += [f"## {heading}", ""]
            for contrast in contrasts:
                lines += [*_contrast_markdown(contrast, notes), ""]
    for view in made.views:
        lines += [f"## {plain(view.side)}", ""]
        if view.reason:
            lines += [plain(view.reason), ""]
        for stance in view.stances:
            lines += [f"### {plain(stance_title(stance, made.basis))}", ""]
            lines += [*(f"- {marked(sentence, notes)}" for sentence in stance.sentences), ""]
        lines += [*(f"- {plain(change_text(change))}" for change in view.changes), *([""] if view.changes else [])]
        for contrast in view.moved:
            lines += [*_contrast_markdown(contrast, notes), ""]
    lines += [*notes, "", *(f"> {plain(notice)}" for notice in notices_of(made))]
    return "\n".join(lines).rstrip() + "\n"


def compare_lines(made: CompareOut) -> Iterator[str]:
    """What `compare` prints."""
    for heading, contrasts in (("Agreements", made.agreements), ("Differences", made.differences)):
        if contrasts:
            yield f"{heading}:"
            for contrast in contrasts:
                yield from (f"  {line}" for line in _contrast_lines(contrast))
            yield ""
    for view in made.views:
        yield f"== {view.side}"
        if view.reason:
            yield f"  {view.reason}"
        for stance in view.stances:
            yield f"  {stance_title(stance, made.basis)} ({stance.report_id})"
            yield from (f"    - {marked_text(sentence)}" for sentence in stance.sentences)
        yield from (f"  {change_text(change)}" for change in view.changes)
        for contrast in view.moved:
            yield from (f"  {line}" for line in _contrast_lines(contrast))
        yield ""
    yield f"Writer: {writer_name(made.writer, made.model)}"
    yield from (f"Note: {notice}" for notice in notices_of(made))


def stance_title(stance: StanceOut, basis: Basis) -> str:
    """Date, who wrote it where a side is a company, title, and what is recommended."""
    rated = ", ".join(
        part
        for part in (stance.company, stance.rating, stance.target_price and f"target {stance.target_price}")
        if part
    )
    day = stance.published.isoformat() if stance.published else "no date"
    author = f"{stance.publisher}, " if basis == "company" and stance.publisher else ""
    return f"{day}  {author}{stance.title}{f' [{rated}]' if stance.rating or stance.target_price else ''}"


def change_text(change: ChangeOut) -> str:
    """`rating of 伊利股份: 增持 (2024-01-05, p. 1) -> 买入 (2024-06-02, p. 1)`."""
    return f"{change.field.replace('_', ' ')} of {change.company}: {_shown(change.was)} -> {_shown(change.now)}"


def notices_of(made: CompareOut) -> list[str]:
    """The notices, and the sides that were not searched."""
    left = [f"Not searched, as there are too many: {', '.join(made.left_out)}"] if made.left_out else []
    return [*made.notices, *left]


def _shown(recorded: RecordedOut) -> str:
    page = f"p. {recorded.page + 1}" if recorded.page is not None else ""
    where = ", ".join(part for part in (recorded.published and recorded.published.isoformat(), page) if part)
    return f"{recorded.value} ({where})"


def contrast_title(contrast: ContrastOut) -> str:
    """`AH溢价 2025: opposite directions`."""
    return f"{' '.join(part for part in (contrast.subject, contrast.period) if part)}: {contrast.relation}"


def _contrast_lines(contrast: ContrastOut) -> Iterator[str]:
    """A figure stands with the marker of its page, a direction with its sentence."""
    yield contrast_title(contrast)
    for claim in contrast.claims:
        told = _markers(claim.sentence) if is_figure(contrast) else marked_text(claim.sentence)
        yield f"  {_who(claim)}: {claim.says} {told}"


def _contrast_markdown(contrast: ContrastOut, notes: list[str]) -> list[str]:
    claims = (f"- {plain(_who(claim))}: {claim.says}. {marked(claim.sentence, notes)}" for claim in contrast.claims)
    return [f"**{plain(contrast_title(contrast))}**", "", *claims]


def is_figure(contrast: ContrastOut) -> bool:
    return contrast.relation in ("same figure", "different figures")


def _who(claim: ClaimOut) -> str:
    return f"{claim.side}{f' {claim.published}' if claim.published else ''}"


def _markers(sentence: SentenceOut) -> str:
    return " ".join(render_marker(Marker(citation.page, citation.report_id)) for citation in sentence.citations)
