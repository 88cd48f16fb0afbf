"""The file NAME.json beside NAME.pdf in, what it says of the report out: facts, and a password for the reader.

It is a JSON object with any of the keys of `Said` (ingest/correct.py) and `password`; null and an empty list say nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr, ValidationError

from ingest.correct import Said, sidecar_facts, told
from ingest.discover import sidecar_of
from rag.domain import Fact
from rag.errors import IngestError
from rag.publishers import Publishers

_MOST_BYTES = 64 << 10


@dataclass(frozen=True, slots=True)
class Beside:
    """What the sidecars of a file say. Passwords are for the reader alone: never kept, shown or logged."""

    facts: tuple[Fact, ...] = ()
    passwords: tuple[str, ...] = field(default=(), repr=False)


class _Sidecar(Said):
    password: SecretStr | None = None


def sidecars_of(sources: Iterable[str]) -> set[Path]:
    """Where the sidecars of a report's sources would be; a source that is no path has none."""
    paths = (Path(source) for source in sources)
    return {sidecar for path in paths if path.is_absolute() and (sidecar := sidecar_of(path))}


def read_sidecars(sidecars: Iterable[Path], publishers: Publishers) -> Beside:
    """What the sidecars say together; of several that speak of one field the first by path is heard.

    Several are those of copies of one file: whichever copy is ingested, they say the same. IngestError names the sidecar
    that does not fit, the key and what was expected.
    """
    facts: dict[str, Fact] = {}
    passwords: list[str] = []
    for path in sorted(sidecars):
        said = _read(path)
        if said is None:
            continue
        for fact in sidecar_facts(said, publishers):
            facts.setdefault(fact.name, fact)
        if said.password is not None:
            passwords.append(said.password.get_secret_value())
    return Beside(tuple(facts.values()), tuple(passwords))


def passwords_beside(sources: Iterable[str], publishers: Publishers) -> tuple[str, ...]:
    """What the sidecars of a report give to open its copy; one that does not fit is told when its file is ingested."""
    try:
        return read_sidecars(sidecars_of(sources), publishers).passwords
    except IngestError:
        return ()


def _read(path: Path) -> _Sidecar | None:
    """None where there is no such file."""
    try:
        if not path.is_file():
            return None
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError as exc:
        raise IngestError(f"sidecar {path} cannot be read: {exc.strerror or exc}") from exc
    if len(content) > _MOST_BYTES:
        raise IngestError(
            f"sidecar {path} is larger than {_MOST_BYTES >> 10} KB: expected a JSON object of a few lines"
        )
    try:
        return _Sidecar.model_validate_json(content.removeprefix(b"\xef\xbb\xbf"))
    except ValidationError as exc:
        raise IngestError(f"sidecar {path}: {_why(exc)}") from None  # the cause holds the text, and that a password


def _why(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        return f"no JSON: {first['ctx']['error']}"
    if not first["loc"]:
        return "expected a JSON object"
    return told(error, _Sidecar.model_fields)
