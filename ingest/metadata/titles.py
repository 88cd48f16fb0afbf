"""A parsed report and its file name in; its title out as it is printed, chosen by size and place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import PurePath

from ingest.metadata.dates import find_dates
from ingest.metadata.evidence import FILE, HINT, LABEL, PDF, PLACE, TEXT, Found, confidence, lead
from ingest.metadata.places import Spot, body_size, spots_of
from ingest.metadata.plain import plain
from ingest.metadata.wording import COMPANY, DASH, KINDS, LATIN_SUBJECT, LEGAL, NEVER, RATING, SECTION, SUBJECT
from rag.domain import ParsedReport
from rag.publishers import Publishers
from rag.text import fold, han_share, joiner

_SERIES = re.compile(r"系列|之[一二三四五六七八九十]+|（[一二三四五六七八九十\d]+）|[篇辑]$")
_NUMBERED = re.compile(r"之[一二三四五六七八九十]+|[（(][一二三四五六七八九十\d]+[)）]")
_SECTOR = re.compile(r"(?<=[)）])\s+[\u4e00-\u9fff]{2,8}(?:[/|][\u4e00-\u9fff]{2,8})+$")  # of the company, on its line
_CITE_AS = re.compile(r"(?:recommended|suggested) citation\W[^“”]{0,80}“([^”]{8,160})”", re.IGNORECASE)
_BAD_INFO_TITLE = re.compile(
    r"microsoft|untitled|无标题|文档\d?$|幻灯片|slide|powerpoint|www\.|_|\d{6}|^[\d\W]+$|"
    r"\.(?:docx?|pdf|pptx?|xlsx?|indd|wps|tmp|qxd|ai)\b",
    re.IGNORECASE,
)


def title_of(parsed: ParsedReport, file_name: str, publishers: Publishers) -> Found[str]:
    """The best line of the first pages; the PDF's own title or the file name where no line stands out."""
    info = plain(parsed.pdf_title or "")
    usable = len(info) >= 6 and not _BAD_INFO_TITLE.search(info) and not KINDS.fullmatch(info)
    hints = _squeeze(PurePath(file_name).stem + "\n" + info)
    for page in parsed.pages[:3]:
        if cited := _CITE_AS.search(" ".join(page.text.split())):
            return Found(plain(cited[1].strip(" .,")), confidence(LABEL, PLACE), page.number)
        spots = [spot for spot in spots_of(page) if _tidy(spot.text)]  # a line of marks alone is no title
        scored = [(_title_score(spot, hints, publishers), -spot.top, spot) for spot in spots]
        score, _, best = max(scored, key=lambda row: row[:2], default=(0.0, 0.0, None))
        body = body_size(page)
        if best is not None and score >= 1.15 * body:
            title, parts = _whole_title(best, spots, publishers)
            second = max((value for value, _, spot in scored if spot not in parts), default=0.0)
            size = HINT if score < 1.3 * body else TEXT if score < 1.6 * body else PLACE
            weights = (size, *_agreement(best, parsed, PurePath(file_name).stem, info))
            return Found(title, confidence(*weights, against=lead(score, second) / 2), page.number)
        if usable or len(page.text) > 300:
            break
    if usable:
        return Found(info, PDF, None, "pdf")
    if head := _running_head(parsed, publishers):
        return Found(head, FILE, 0)
    return Found(_title_of_file(file_name), FILE, None, "file name")


def _agreement(best: Spot, parsed: ParsedReport, stem: str, info: str) -> list[float]:
    """What speaks for a line beside its size: the file name or the PDF's title holds it, later pages repeat it."""
    key = _squeeze(best.text)
    heads = sum(key in _squeeze(page.text[:300]) for page in parsed.pages[1:6])
    weights = [(FILE, key in _squeeze(stem)), (PDF, key in _squeeze(info)), (TEXT, heads >= 2), (HINT, best.top < 0.3)]
    return [weight for weight, holds in weights if holds]


def _title_score(spot: Spot, hints: str, publishers: Publishers) -> float:
    """Font size, less what makes a line an unlikely title, more where file name or PDF title hold it."""
    text = spot.text
    wide = han_share(text) > 0.3
    if spot.upright or _hopeless(text, publishers) or not 4 <= len(text) <= (80 if wide else 180):
        return 0.0
    score = spot.size or 1.0
    if KINDS.fullmatch(text) or SUBJECT.match(text) or LATIN_SUBJECT.match(text):
        score *= 0.45
    elif len(text) < 7 if wide else len(text.split()) < 3:
        score *= 0.7
    score *= 0.6 if spot.top > 0.6 else 0.85 if DASH.match(text) else 1.0
    parts = [part for part in map(_squeeze, re.split(r"——|[:：]", text)) if part]
    if (
        len(text) >= 6
        and all(part in hints for part in parts)
        and not KINDS.fullmatch(text)
        and not SUBJECT.match(text)
    ):
        score *= 1.5
    return score


def _hopeless(text: str, publishers: Publishers) -> bool:
    if NEVER.search(text) or RATING.fullmatch(text) or SECTION.fullmatch(text):
        return True
    rest = text
    for mention in reversed(publishers.find(text) or publishers.find_unlisted(text)):
        rest = rest[: mention.start] + rest[mention.end :]
    for found in reversed(find_dates(rest, date.max)):
        rest = rest[: found.start] + rest[found.end :]
    return rest != text and len(re.sub(rf"{LEGAL}|公司|研究|\b(?:LLP|LLC|Ltd|Limited|Inc)\b|\W", "", rest)) <= 4


def _whole_title(best: Spot, spots: Sequence[Spot], publishers: Publishers) -> tuple[str, list[Spot]]:
    """The best line with the lines of its size beside it and its subtitle, and the lines it is made of."""
    parts = [best]
    usable = [
        s for s in spots if not (s.upright or len(s.text) > 90 or s.text[0] in "(（" or _hopeless(s.text, publishers))
    ]
    for other in usable:
        if (
            abs(other.size - best.size) <= 0.06 * best.size
            and not KINDS.fullmatch(other.text)
            and _near(other, best, 1.0)
        ):
            parts.append(other)
    parts = sorted(dict.fromkeys(parts), key=lambda spot: spot.y0)[:3]
    title = ""
    for part in parts:
        title += (joiner(title[-1], part.text[0]) if title else "") + part.text
    title = _tidy(title)
    for other in usable:
        small = 0.5 * best.size <= other.size < 1.01 * best.size
        if other in parts or not small or not _near(other, parts[-1], 2.2) or not 3 <= len(other.text) <= 40:
            continue
        extra = _tidy(_SECTOR.sub("", DASH.sub("", other.text)))
        if _squeeze(extra) in _squeeze(title) or (KINDS.fullmatch(extra) and not _NUMBERED.search(extra)):
            continue
        if DASH.match(other.text) and other.y0 > best.y0 and not SUBJECT.match(extra):
            title = f"{title}——{extra}"
        elif _SERIES.search(extra) and not SUBJECT.match(extra):
            title = f"{title}——{extra}" if other.y0 > best.y0 else f"{extra}：{title}"
    return title, parts


def _near(one: Spot, other: Spot, lines: float) -> bool:
    gap = max(one.y0, other.y0) - min(one.y1, other.y1)
    return gap < lines * other.size and one.x0 < other.x1 + 20 and other.x0 < one.x1 + 20 and one is not other


def _running_head(parsed: ParsedReport, publishers: Publishers) -> str:
    """The head line of a first page that has no title of its own, as an extract of a longer document; or nothing."""
    head = ""
    for spot in spots_of(parsed.pages[0]) if parsed.pages else ():
        text = re.split(r"\s*[(（](?:續|续|金額|金额)", _tidy(spot.text))[0]
        if spot.top > 0.14 or not 4 <= len(text) <= 60 or re.search(r"^[(（\d]|[，。,：]|如下$|年.*月.*日$", text):
            continue
        if head:
            return f"{head} {text}" if re.search("[表告註]$", text) else head
        if len(text) >= 6 and not (KINDS.fullmatch(text) or _hopeless(text, publishers)):
            head = text
            if not re.search(rf"{COMPANY}(?:及其?子公司)?$", head):
                break
    return head


def _title_of_file(file_name: str) -> str:
    stem = re.sub(r"[-_ ]?\d{6,8}(?:\d{1,3}页)?$|^\d{8}[-_ ]*|[-_ ]*\d{1,3}页$", "", PurePath(file_name).stem)
    return re.sub(r"[_\s]+", " ", stem).strip(" -") or PurePath(file_name).stem or file_name


def _tidy(text: str) -> str:
    """One plain line without blanks between han and Latin text, which are layout, or between spaced-out han."""
    text = plain(text)
    if len(text.split()) > 4 and 2 * len(re.findall(r"(?:^| )[\u4e00-\u9fff](?= |$)", text)) > len(text.split()):
        text = text.replace(" ", "")
    text = re.sub(
        r"(?<=[\u4e00-\u9fff，：“”、]) (?=[A-Za-z0-9α-ω])|(?<=[A-Za-z0-9α-ω]) (?=[\u4e00-\u9fff，：“”、])", "", text
    )
    return text.strip(" -—_|·:：")


def _squeeze(text: str) -> str:
    return re.sub(r"[\W_]+", "", fold(text))
