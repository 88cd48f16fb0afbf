"""A progress bar for ingest: files done, the stage of the present one, rate and time left."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ingest.pipeline import Outcome


class IngestProgress:
    """A context manager; prints nothing but failures where the console is no terminal."""

    def __init__(self, console: Console, files: int) -> None:
        self._console = console
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        self._files = self._bar.add_task("files", total=files, rate="")
        self._stage = self._bar.add_task("", total=None, rate="")
        self._stage_name = ""
        self._pages = 0

    def seen(self, stage: str, done: int, total: int) -> None:
        """A stage of the present file went on."""
        if stage != self._stage_name or done <= 1:
            self._bar.reset(self._stage, total=total, description=stage)
            self._stage_name = stage
        self._bar.update(self._stage, completed=done, total=total, description=stage)
        speed = self._bar.tasks[1].speed
        self._bar.update(self._stage, rate=f"{speed:.0f} {stage}/s" if speed else "")

    def done(self, outcome: Outcome) -> None:
        """A file is done."""
        if outcome.status == "failed":
            self._bar.console.print(
                f"failed: {outcome.source}: {outcome.reason}"
            ) if self._console.is_terminal else None
        self._pages += outcome.pages
        self.advance()

    def advance(self) -> None:
        self._bar.advance(self._files)

    def __enter__(self) -> IngestProgress:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()
