"""A parsed report and its file name in; its title out, chosen by size and place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import PurePath

from ingest.metadata.dates import find_dates
from ingest.metadata.places import Spot, body_size, spots_of
from ingest.metadata.wording import COMPANY, DASH, LABEL, LEGAL, NEVER, RATING, SECTION, SUBJECT
from rag.domain import ParsedReport
from rag.publishers import Publishers
from rag.text import fold, han_share, joiner

_SERIES = re.compile(r"系列|之[一二三四五六七八九十]+|（[一二三四五六七八九十\d]+）|[篇辑]$")
_CITE_AS = re.compile(r"(?:recommended|suggested) citation\W[^“”]{0,80}“([^”]{8,160})”", re.IGNORECASE)
_BAD_INFO_TITLE = re.compile(
    r"microsoft|untitled|无标题|文档\d?$|幻灯片|slide|powerpoint|www\.|_|\d{6}|^[\d\W]+$|"
    r"\.(?:docx?|pdf|pptx?|xlsx?|indd|wps|tmp|qxd|ai)\b",
    re.IGNORECASE,
)


def title_of(parsed: ParsedReport, file_name: str, publishers: Publishers) -> str:
    """The best line of the first pages; the PDF's own title or the file name where no line stands out."""
    info = parsed.pdf_title or ""
    usable = len(info) >= 6 and not _BAD_INFO_TITLE.search(info) and not LABEL.fullmatch(info)
    hints = _squeeze(PurePath(file_name).stem + "\n" + info)
    for page in parsed.pages[:3]:
        if cited := _CITE_AS.search(" ".join(page.text.split())):
            return cited[1].strip(" .,")
        spots = spots_of(page)
        scored = [(_title_score(spot, hints, publishers), -spot.top, spot) for spot in spots]
        score, _, best = max(scored, key=lambda row: row[:2], default=(0.0, 0.0, None))
        if best is not None and score >= 1.15 * body_size(page):
            return _whole_title(best, spots, publishers)
        if usable or len(page.text) > 300:
            break
    return info.strip() if usable else _running_head(parsed, publishers) or _title_of_file(file_name)


def _title_score(spot: Spot, hints: str, publishers: Publishers) -> float:
    """Font size, less what makes a line an unlikely title, more where file name or PDF title hold it."""
    text = spot.text
    wide = han_share(text) > 0.3
    if spot.upright or _hopeless(text, publishers) or not 4 <= len(text) <= (80 if wide else 180):
        return 0.0
    score = spot.size or 1.0
    if LABEL.fullmatch(text) or SUBJECT.match(text):
        score *= 0.45
    elif len(text) < 7 if wide else len(text.split()) < 3:
        score *= 0.7
    score *= 0.6 if spot.top > 0.6 else 0.85 if DASH.match(text) else 1.0
    if len(text) >= 6 and _squeeze(text) in hints and not LABEL.fullmatch(text) and not SUBJECT.match(text):
        score *= 1.5
    return score


def _hopeless(text: str, publishers: Publishers) -> bool:
    if NEVER.search(text) or RATING.fullmatch(text) or SECTION.fullmatch(text):
        return True
    rest = text
    for mention in reversed(publishers.find(text)):
        rest = rest[: mention.start] + rest[mention.end :]
    for found in reversed(find_dates(rest, date.max)):
        rest = rest[: found.start] + rest[found.end :]
    return rest != text and len(re.sub(rf"{LEGAL}|公司|研究|\W", "", rest)) <= 4


def _whole_title(best: Spot, spots: Sequence[Spot], publishers: Publishers) -> str:
    """The best line with the lines of its size beside it, its subtitle, and the company it is on."""
    parts = [best]
    usable = [
        s for s in spots if not (s.upright or len(s.text) > 90 or s.text[0] in "(（" or _hopeless(s.text, publishers))
    ]
    for other in usable:
        if (
            abs(other.size - best.size) <= 0.06 * best.size
            and not LABEL.fullmatch(other.text)
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
        extra = _tidy(DASH.sub("", other.text))
        if _squeeze(extra) in _squeeze(title) or (LABEL.fullmatch(extra) and not _SERIES.search(extra)):
            continue
        if DASH.match(other.text) and other.y0 > best.y0 and not SUBJECT.match(extra):
            title = f"{title}——{extra}"
        elif _SERIES.search(extra) and not SUBJECT.match(extra):
            title = f"{title}——{extra}" if other.y0 > best.y0 else f"{extra}：{title}"
    return _with_subject(title, spots)


def _near(one: Spot, other: Spot, lines: float) -> bool:
    gap = max(one.y0, other.y0) - min(one.y1, other.y1)
    return gap < lines * other.size and one.x0 < other.x1 + 20 and other.x0 < one.x1 + 20 and one is not other


def _with_subject(title: str, spots: Sequence[Spot]) -> str:
    """The title led by the company it is on, where the page names one beside its code and the title does not."""
    for spot in spots:
        match = SUBJECT.match(DASH.sub("", spot.text))
        if match and match["name"] and spot.top < 0.4:
            if _squeeze(match["name"]) in _squeeze(title) or LABEL.fullmatch(match["name"]):
                return title
            return f"{match['name']}（{match['code'].strip('()（） ')}）：{title}"
    return title


def _running_head(parsed: ParsedReport, publishers: Publishers) -> str:
    """The head line of a first page that has no title of its own, as an extract of a longer document; or nothing."""
    head = ""
    for spot in spots_of(parsed.pages[0]) if parsed.pages else ():
        text = re.split(r"\s*[(（](?:續|续|金額|金额)", _tidy(spot.text))[0]
        if spot.top > 0.14 or not 4 <= len(text) <= 60 or re.search(r"^[(（\d]|[，。,：]|如下$|年.*月.*日$", text):
            continue
        if head:
            return f"{head} {text}" if re.search("[表告註]$", text) else head
        if len(text) >= 6 and not (LABEL.fullmatch(text) or _hopeless(text, publishers)):
            head = text
            if not re.search(rf"{COMPANY}(?:及其?子公司)?$", head):
                break
    return head


def _title_of_file(file_name: str) -> str:
    stem = re.sub(r"[-_ ]?\d{6,8}(?:\d{1,3}页)?$|^\d{8}[-_ ]*|[-_ ]*\d{1,3}页$", "", PurePath(file_name).stem)
    return re.sub(r"[_\s]+", " ", stem).strip(" -") or PurePath(file_name).stem or file_name


def _tidy(text: str) -> str:
    """One line without blanks between han and Latin text, which are layout, or between spaced-out han."""
    text = " ".join(text.split())
    if len(text.split()) > 4 and 2 * len(re.findall(r"(?:^| )[\u4e00-\u9fff](?= |$)", text)) > len(text.split()):
        text = text.replace(" ", "")
    text = re.sub(
        r"(?<=[\u4e00-\u9fff，：“”、]) (?=[A-Za-z0-9])|(?<=[A-Za-z0-9]) (?=[\u4e00-\u9fff，：“”、])", "", text
    )
    return text.strip(" -—_|·:：")


def _squeeze(text: str) -> str:
    return re.sub(r"[\W_]+", "", fold(text))
