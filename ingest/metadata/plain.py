"""A line as a page prints it in; plain text out: no LaTeX, no footnote marks, no tags of a template, no stray blanks."""

from __future__ import annotations

import re

_LETTERS = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega "
    "Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega"
)
_GREEK = dict(zip(_LETTERS.split(), "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩ", strict=True))
_FORMULA = re.compile(r"\$(?=[^$]{0,60}[\\^_{])([^$]{1,60})\$|\$([A-Za-zα-ω]{1,3})\$|\\\(([^)]{1,60})\\\)")
_WRAPPED = re.compile(r"\\(?:text|mathrm|mathbf|mathit|mathcal|textbf|textit|emph|operatorname|bm)\s*\{([^{}]*)\}")
_COMMAND = re.compile(r"\\([A-Za-z]+)\s?")
_TAG = re.compile(r"\[\s?_?Table[^\]]{0,30}\]|\[\s?T?able_?\w{0,20}\s?\]", re.IGNORECASE)
_MARKS = re.compile(r"(?<![Rm²χ])[¹²³⁴-⁹⁰]+$|[\s*＊†‡§¶#＃①-⑳❶-❿]+$|(?<=[\w”’」）)])[*＊†‡]+(?=\s|$)")
_DEBRIS = re.compile(r"[\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff\ufffd\ue000-\uf8ff]")


def plain(text: str) -> str:
    """One line of plain text. A dollar sign stays where it is money."""
    text = _DEBRIS.sub("", text.replace("\u00a0", " "))
    text = _TAG.sub(" ", text)
    if "$" in text or "\\" in text:
        text = _FORMULA.sub(lambda match: _formula(match[1] or match[2] or match[3]), text)
        text = _formula(text) if "\\" in text else text
    text = " ".join(text.split())
    while (shorter := _MARKS.sub("", text)) != text:
        text = shorter
    return text.strip()


def _formula(text: str) -> str:
    """The letters of a formula: \\alpha_{t} is αt."""
    while (inner := _WRAPPED.sub(r"\1", text)) != text:
        text = inner
    text = _COMMAND.sub(lambda match: _GREEK.get(match[1], " "), text)
    return re.sub(r"[{}\\]|[_^](?=[\w{+-])", "", text)
