"""The command that sets publishers side by side: `compare`."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli_parts import DataDir, Json, LanguageOption, Since, Until, limits_of, open_reading, out, print_json
from api.compare import compare_lines, compare_markdown, compare_out
from rag.answer import WriterChoice
from rag.errors import UsageError

app = typer.Typer()
Names = Annotated[str | None, typer.Option(help="Compare these, parted by commas; any known name of each.")]


@app.command()
def compare(
    topic: Annotated[str, typer.Argument(help="The topic, Chinese or English.")],
    publishers: Names = None,
    since: Since = None,
    until: Until = None,
    language: LanguageOption = None,
    writer: Annotated[WriterChoice, typer.Option(help="auto: the LLM where one is configured.")] = "auto",
    data_dir: DataDir = None,
    as_json: Json = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown.")] = False,
) -> None:
    """What each publisher says of a topic, side by side and by date, and where they agree and differ."""
    if as_json and as_markdown:
        raise UsageError("--json and --markdown together: give one of them")
    named = [name.strip() for name in (publishers or "").replace("，", ",").split(",") if name.strip()]
    with open_reading(data_dir) as service:
        limits = limits_of(service, named, since, until, language)
        names = limits.publishers if named else ()
        made = compare_out(service.comparer.compare(topic, limits, names=names, writer=writer))
    if as_json:
        print_json(made.model_dump(mode="json"))
    elif as_markdown:
        out.print(compare_markdown(made), end="")
    else:
        for line in compare_lines(made):
            out.print(line)
