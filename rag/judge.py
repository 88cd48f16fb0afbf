"""Claims to verdicts by a model: an LLM, or a cross-encoder for natural language inference. Both are off by default.

No model of the second kind that knows Chinese comes inside a package; the slot takes a folder or a name.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from rag.domain import Verdict, VerdictLabel
from rag.errors import ConfigurationError, ModelError
from rag.ports import ChatModel, Claim
from rag.prompt import render_judge
from rag.say import say
from rag.text import language_of

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_LINE = re.compile(r"\W*(\d{1,3})\W+(supported|partial|unsupported)\W*", re.IGNORECASE)
_LABELS: dict[str, VerdictLabel] = {one: one for one in ("supported", "partial", "unsupported")}


class LlmJudge:
    """Implements `Judge`: one call for all claims."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model

    def judge(self, claims: Sequence[Claim]) -> list[Verdict]:
        language = language_of("".join(claim.sentence for claim in claims))
        text = self._model.complete(render_judge([(claim.sentence, claim.passage) for claim in claims], language))
        said = {int(match[1]): match[2].lower() for line in text.splitlines() if (match := _LINE.fullmatch(line))}
        if set(said) != set(range(1, len(claims) + 1)):
            raise ModelError(f"the model {self._model.name} did not judge each of {len(claims)} sentences once")
        return [_verdict(claim, _LABELS[said[number]], self._model.name) for number, claim in enumerate(claims, 1)]


class NliJudge:
    """Implements `Judge` with a sentence-transformers cross-encoder. The model is loaded on first use; thread-safe."""

    def __init__(self, model: str, batch: int = 16) -> None:
        """`model` is a name or a folder; its labels must name entailment."""
        self._name = model
        self._batch = batch
        self._lock = Lock()
        self._model: CrossEncoder | None = None
        self._labels: list[VerdictLabel] = []

    def judge(self, claims: Sequence[Claim]) -> list[Verdict]:
        with self._lock:
            if self._model is None:
                self._model, self._labels = self._load()
            pairs = [(claim.passage, claim.sentence) for claim in claims]
            scores = self._model.predict(pairs, batch_size=self._batch, show_progress_bar=False, convert_to_numpy=True)
        name = Path(self._name).name
        return [
            _verdict(claim, self._labels[int(row.argmax())], name) for claim, row in zip(claims, scores, strict=True)
        ]

    def _load(self) -> tuple[CrossEncoder, list[VerdictLabel]]:
        for noisy in ("sentence_transformers", "transformers"):
            logging.getLogger(noisy).setLevel(logging.ERROR)
        from sentence_transformers import CrossEncoder
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # no annotations there
        try:
            model: CrossEncoder = CrossEncoder(self._name, device="cpu", local_files_only=Path(self._name).is_dir())
            names = {int(i): str(name) for i, name in dict(getattr(model.config, "id2label", None) or {}).items()}
        except Exception as exc:  # whatever a broken folder or an unknown name raises is the setting's fault
            raise ConfigurationError(
                f"the judging model {self._name!r} cannot be loaded (REPORT_RAG_JUDGE): {exc}"
            ) from exc
        labels = [_label_of(names.get(i, "")) for i in range(model.num_labels)]
        if labels.count("supported") != 1:
            raise ConfigurationError(
                f"the model {self._name!r} has no label for entailment among {list(names.values())}: "
                "set REPORT_RAG_JUDGE to a cross-encoder for natural language inference"
            )
        return model, labels


def _label_of(name: str) -> VerdictLabel:
    """entailment, contradiction, neutral, not_entailment: what each makes of a sentence that passed the rules."""
    low = name.lower()
    if "contra" in low:
        return "unsupported"
    return "supported" if low.startswith("entail") else "partial"


def _verdict(claim: Claim, label: VerdictLabel, name: str) -> Verdict:
    return Verdict(label, say(f"judged_{label}", language_of(claim.sentence), model=name))
