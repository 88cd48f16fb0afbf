from __future__ import annotations

import json
import threading

import pytest
import structlog

from rag.telemetry import call, cancel_event, configure_logging, tell_tokens


def test_json_lines_have_what_is_bound_and_the_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO", "json")
    log = structlog.get_logger()
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        log.info("request", path="/研报", ms=3)
        try:
            raise ValueError("odd")
        except ValueError as exc:
            log.error("failed", exc_info=exc)
    log.debug("too small")
    configure_logging("WARNING")
    first, second = map(json.loads, capsys.readouterr().err.splitlines())
    assert (first["event"], first["level"], first["request_id"], first["path"]) == ("request", "info", "r-1", "/研报")
    assert "ValueError: odd" in second["exception"]


def test_what_travels_with_a_call_stays_with_it() -> None:
    seen: list[tuple[int, int]] = []
    cancel = threading.Event()
    assert cancel_event() is None
    with call(cancel, lambda given, written: seen.append((given, written))):
        assert cancel_event() is cancel
        tell_tokens(3, 4)
    tell_tokens(5, 6)
    assert cancel_event() is None
    assert seen == [(3, 4)]
