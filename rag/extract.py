"""A question and passages to the sentences and table rows of the passages that answer it best; needs no LLM.

A candidate's score adds how much of the question it tells (rag/relevance.py), its closeness in meaning (embedding), the
place of its passage, and whether it gives the kind of statement that is asked for: a figure, a view, a cause. Of a table's
row a question for one period or one column gets that cell. Near-doubles are left out. A question for a figure gets the best
candidate first; otherwise what is chosen stands in reading order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from rag.candidates import Candidate, Row, find_candidates
from rag.domain import Chunk, Language, Passage, Understood
from rag.fitting import fitting
from rag.fuse import scaled
from rag.grid import own_grid, row_sentence
from rag.on_topic import on_topic
from rag.ports import Embedder
from rag.relevance import Relevance, Text
from rag.sparse import bigrams
from rag.wanted import PART_OF_YEAR, Kind, core, gives, kinds, without_dates, years_of

MOST_SENTENCES = 5
_MOST_FIGURES = 3  # of a question for a figure
_READ = 80  # candidates whose meaning is compared
_LEXICAL_ON_TOPIC = 0.6  # where every candidate tells the topic
_LEXICAL, _MEANING, _PLACE, _LABEL, _THESIS = 1.2, 0.6, 0.8, 1.0, 0.6
_SURE = 4  # power of a page's score beside the best one's: a lead of a tenth is a third in worth
_UNHEADED = 0.25  # what the label of a row is worth whose headings stand on the page before
_EXACT, _NAMED = 0.8, 0.4  # fits of a label that is what is asked for, and of others' beside it
_SURE_FIT = 0.25  # from which on the row that fits best is worth all that a label can be
_GIVES: dict[Kind, float] = {"figure": 0.5, "view": 0.25, "cause": 0.3, "risk": 0.5}
_ROW = 0.2  # what a table's row loses where no figure is asked for, or another one
_KEEP = 0.66  # of the best score
_NEAR = 0.5  # of it that the best fitting one has
_TOLD = 0.25  # of what the best tells of the question without its report's title
_LEAST, _LEAST_ACROSS = 0.15, 0.2  # of the question that the best must tell, in its language and in the other one
_SAME = 0.6  # share of terms that makes two sentences say the same


class ExtractiveWriter:
    """Implements `Writer`; every sentence it gives stands on a page, or is a table row beside its column headings."""

    name = "extractive"
    model: str | None = None

    def __init__(
        self,
        embedder: Embedder,
        relevance: Relevance,
        *,
        most: int = MOST_SENTENCES,
        read: int = _READ,
        on_topic: bool = False,
    ) -> None:
        """At most `most` sentences are given, of the `read` candidates whose meaning is compared.

        `on_topic`: only such as can be set beside those of other reports (rag/on_topic.py).
        """
        self._embedder = embedder
        self._relevance = relevance
        self._most = most
        self._read = read
        self._on_topic = on_topic

    def write(self, asked: Understood, passages: Sequence[Passage]) -> list[str]:
        """At most `most` sentences; empty where the passages hold none that tells enough of the question."""
        candidates = find_candidates(passages)
        if self._on_topic:
            candidates = on_topic(asked, candidates, self._relevance)
        told = self._relevance.shares(asked, [Text(c.text, c.headings, c.report, c.language) for c in candidates])
        if not any(
            share >= (_LEAST if candidate.language == asked.language else _LEAST_ACROSS)
            for candidate, share in zip(candidates, told, strict=True)
        ):
            return []
        wanted = kinds(asked.topic)
        fits = self._fits(asked, wanted, passages, candidates)
        scores = self._scores(asked, wanted, passages, candidates, told, fits)
        alone = self._relevance.shares(asked, [Text(c.text, c.headings, "", c.language) for c in candidates])
        allowed = fitting(asked, passages, candidates)
        chosen = _choose(asked, wanted, candidates, alone, scores, fits, allowed, self._most)
        if not chosen or not self._tells_of_it(asked, [candidates[index] for index in chosen]):
            return []
        first = chosen[:1] if "figure" in wanted else []
        rest = _reading_order([index for index in chosen if index not in first], passages, candidates)
        return list(dict.fromkeys(_line(candidates[index], asked) for index in (*first, *rest)))

    def _tells_of_it(self, asked: Understood, chosen: Sequence[Candidate]) -> bool:
        """Whether any says anything of what is asked of a company: its name and a year are no answer by themselves."""
        if not asked.companies and not asked.uncovered:
            return True
        told = self._relevance.on_subject(asked, [Text(c.text, c.headings, "", c.language) for c in chosen])
        return any(share > 0 or c.language != asked.language for share, c in zip(told, chosen, strict=True))

    def _scores(
        self,
        asked: Understood,
        wanted: frozenset[Kind],
        passages: Sequence[Passage],
        candidates: Sequence[Candidate],
        told: Sequence[float],
        fits: Mapping[int, float],
    ) -> dict[int, float]:
        """The candidates that are most likely by their words, with the scores of those.

        Rows gain by how well their labels fit; they lose where no figure is asked for, or none fits.
        """
        most, places = max(told), _places(passages)
        lexical = _LEXICAL_ON_TOPIC if self._on_topic else _LEXICAL
        scores = {
            i: lexical * told[i] / most
            + _PLACE * places[c.passage]
            + sum(_GIVES[kind] for kind in wanted if gives(kind, c.text, asked))
            + (_THESIS * _thesis(c, passages[c.passage]) if "view" in wanted else 0.0)
            for i, c in enumerate(candidates)
        }
        best = max(_SURE_FIT, *fits.values()) if fits else 1.0
        scores |= {i: scores[i] + (_LABEL * fit / best if fit else -_ROW) for i, fit in fits.items()}
        likely = sorted(scores, key=lambda i: (-scores[i], i))[: self._read]
        meaning = self._meaning(asked, [candidates[i] for i in likely], [told[i] for i in likely])
        return {i: scores[i] + _MEANING * close for i, close in zip(likely, meaning, strict=True)}

    def _fits(
        self,
        asked: Understood,
        wanted: frozenset[Kind],
        passages: Sequence[Passage],
        candidates: Sequence[Candidate],
    ) -> dict[int, float]:
        """How well the labels of rows name what is asked for, in [0, 1]; 0 where no figure is. Less where the headings stand
        on the page before: what is quoted tells not of when it is."""
        fits = {i: 0.0 for i, candidate in enumerate(candidates) if candidate.row is not None}
        for language in sorted({candidates[i].language for i in fits}) if "figure" in wanted else ():
            rows = {i: _label(c.row, asked) for i, c in enumerate(candidates) if c.row and c.language == language}
            fits |= dict(zip(rows, self._relevance.fits(asked, list(rows.values()), language), strict=True))
        return {
            i: _UNHEADED * fit if _goes_on(passages[candidates[i].passage].chunk) else fit for i, fit in fits.items()
        }

    def _meaning(self, asked: Understood, candidates: Sequence[Candidate], told: Sequence[float]) -> list[float]:
        """Closeness of each to the question, scaled within each language: models rank well within one only.

        The best of a language is worth as much as its words tell of the question, beside those of the other language.
        """
        close = [0.0] * len(candidates)
        question = core(asked.topic)
        languages: list[Language] = sorted({candidate.language for candidate in candidates})
        for language in languages:
            places = [i for i, one in enumerate(candidates) if one.language == language]
            texts = [candidates[i].text for i in places]
            near = self._embedder.closeness(question, texts, across=language != asked.language)
            worth = max(told[i] for i in places) / (max(told) or 1.0)
            for place, value in zip(places, scaled(near.tolist()), strict=True):
                close[place] = worth * value
        return close


def _choose(
    asked: Understood,
    wanted: frozenset[Kind],
    candidates: Sequence[Candidate],
    alone: Sequence[float],
    scores: Mapping[int, float],
    fits: Mapping[int, float],
    allowed: Set[int],
    most: int,
) -> list[int]:
    """The best first; those that follow are not far behind, say something else, and have a figure where one is asked for.

    `alone` is what each candidate tells of the question by itself, `fits` how well a row's label does. Only those that are
    `allowed` are taken, none where the best of them is far behind one that is not. Beside a row whose label is what is asked
    for, others must come near it.
    """
    order = sorted(scores, key=lambda i: (-scores[i], i))
    highest = scores[order[0]]
    order = [i for i in order if i in allowed and scores[i] >= _NEAR * highest]
    if not order:
        return []
    best = order[0]
    chosen = [best]
    most = min(most, _MOST_FIGURES) if "figure" in wanted else most
    for index in order[1:]:
        if len(chosen) == most or scores[index] < _KEEP * highest:
            break
        candidate = candidates[index]
        beside = (
            alone[index] < _TOLD * alone[best]
            or ("figure" in wanted and not gives("figure", candidate.text, asked))
            or (fits.get(best, 0.0) >= _EXACT and index in fits and fits[index] < _NAMED * fits[best])
        )
        if not beside and not any(_say_the_same(candidate, candidates[other]) for other in chosen):
            chosen.append(index)
    return chosen


def _places(passages: Sequence[Passage]) -> list[float]:
    """What each passage's page is worth by its rank in retrieval, in [0, 1]; all passages of a page the same."""
    pages: dict[tuple[str, int], float] = {}
    for passage in passages:
        key = (passage.report.id, passage.chunk.page)
        pages[key] = max(passage.score, pages.get(key, 0.0))
    best = max(pages.values()) or 1.0
    return [max(0.0, pages[p.report.id, p.chunk.page] / best) ** _SURE for p in passages]


def _reading_order(chosen: Sequence[int], passages: Sequence[Passage], candidates: Sequence[Candidate]) -> list[int]:
    """Report by report in the order of their best sentences, then as they stand in it."""
    reports = list(dict.fromkeys(passages[candidates[index].passage].report.id for index in chosen))

    def place(index: int) -> tuple[int, int, int, int]:
        passage = passages[candidates[index].passage]
        return (
            reports.index(passage.report.id),
            passage.chunk.page,
            passage.chunk.position,
            candidates[index].position,
        )

    return sorted(chosen, key=place)


def _line(candidate: Candidate, asked: Understood) -> str:
    """The candidate as it is quoted: of a row the cells that are asked for, where the question tells which."""
    if candidate.row is None:
        return candidate.text
    columns = _asked_columns(candidate.row, asked)
    return row_sentence(candidate.row.grid, candidate.row.index, columns) if columns else candidate.text


def _asked_columns(row: Row, asked: Understood) -> list[int]:
    """The filled columns of the years that the question names; none where it names none, or the table has none of them."""
    years = years_of(core(asked.topic))
    cells = row.grid.rows[row.index]
    return [i for i, heading in enumerate(row.grid.columns) if cells[i] and years & years_of(heading)]


def _goes_on(chunk: Chunk) -> bool:
    """Whether a table has its headings on the page before alone."""
    grid = own_grid(chunk)
    return chunk.grid is not None and chunk.grid.inherited and grid is not None and not any(grid.columns)


def _label(row: Row, asked: Understood) -> str:
    """What names a row's figures: its label and the headings of the cells that are asked for, without their periods."""
    cells = row.grid.rows[row.index]
    headings = (PART_OF_YEAR.sub(" ", row.grid.columns[i]).replace("年", " ") for i in _asked_columns(row, asked))
    return without_dates(" ".join((next((cell for cell in cells if cell), ""), *headings)))


def _thesis(candidate: Candidate, passage: Passage) -> float:
    """The share of its report's title that a sentence has: a title is the report's thesis."""
    title = frozenset(bigrams(passage.report.title))
    return len(candidate.own & title) / len(title) if title else 0.0


def _say_the_same(one: Candidate, other: Candidate) -> bool:
    smaller = min(len(one.own), len(other.own))
    return smaller > 0 and len(one.own & other.own) / smaller > _SAME
