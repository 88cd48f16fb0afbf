from __future__ import annotations

import contextlib
import contextvars
import gc
import logging
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path

import pytest
from scripted_llm import (
    Act,
    ScriptedLLM,
    corrupt_midway,
    counted,
    cut_midway,
    error_midway,
    hang_up,
    html,
    no_finish,
    raw,
    redirect,
    say,
    stall,
    stall_midway,
    status,
    trickle,
    trickle_headers,
)

from rag.domain import Usage
from rag.errors import ConfigurationError, ModelError
from rag.llm import OpenAIChat
from rag.meter import Meter
from rag.ports import SENTENCES, ChatModel, Message

KEY = "sk-7b1f4a90secret"
TURNS = (Message("system", "be brief"), Message("user", "营收多少？"))
Call = Callable[[OpenAIChat], str]


@pytest.fixture(scope="module", autouse=True)
def _llama_index_is_loaded() -> None:
    import llama_index.llms.openai_like  # noqa: F401  # so that no test's time holds the import


def chat(url: str, *, deadline_s: float = 5.0, retries: int = 2, max_tokens: int = 64) -> OpenAIChat:
    return OpenAIChat(
        base_url=url,
        model="m-1",
        api_key=KEY,
        deadline_s=deadline_s,
        retries=retries,
        max_tokens=max_tokens,
        first_pause_s=0.01,
    )


def complete(model: OpenAIChat) -> str:
    return model.complete(TURNS)


def stream(model: OpenAIChat) -> str:
    return "".join(model.stream(TURNS))


both_ways = pytest.mark.parametrize("call", [complete, stream])


# --- what is sent and what comes ---


def test_it_is_a_chat_model(llm_server: ScriptedLLM) -> None:
    model: ChatModel = chat(llm_server.url)
    assert model.name == "m-1"


@both_ways
def test_text_comes_through(llm_server: ScriptedLLM, call: Call) -> None:
    llm_server.play(say("营收", "为3.5亿元", "。"))
    assert call(chat(llm_server.url)) == "营收为3.5亿元。"


def test_a_stream_comes_in_pieces(llm_server: ScriptedLLM) -> None:
    llm_server.play(say("a", "b", "c"))
    assert list(chat(llm_server.url).stream(TURNS)) == ["a", "b", "c"]


@both_ways
def test_the_request_is_a_chat_at_temperature_zero(
    llm_server: ScriptedLLM, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, "of-the-shell")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Shell: of-the-shell")
    llm_server.play(say("ok"))
    call(chat(llm_server.url + "/"))
    (request,) = llm_server.requests
    assert request.path == "/v1/chat/completions"
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert "of-the-shell" not in str(request)
    assert {key: request.body[key] for key in ("model", "temperature", "max_tokens", "messages")} == {
        "model": "m-1",
        "temperature": 0.0,
        "max_tokens": 64,
        "messages": [{"role": "system", "content": "be brief"}, {"role": "user", "content": "营收多少？"}],
    }


def test_without_a_key_none_is_sent(llm_server: ScriptedLLM, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "of-the-shell")
    llm_server.play(say("ok"))
    OpenAIChat(base_url=llm_server.url, model="m-1").complete(TURNS)
    assert "Authorization" not in llm_server.requests[0].headers


def test_a_proxy_of_the_shell_is_not_asked(llm_server: ScriptedLLM, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    llm_server.play(say("ok"))
    assert complete(chat(llm_server.url)) == "ok"


def test_a_stream_may_move_between_threads_and_contexts(llm_server: ScriptedLLM) -> None:
    """A web server takes each piece in a thread of its pool, with a copy of the context."""
    llm_server.play(say("a", "b", "c"))
    pieces, got = chat(llm_server.url).stream(TURNS), []
    for _ in range(4):
        context = contextvars.copy_context()
        taker = threading.Thread(target=lambda run=context.run: got.append(run(next, pieces, None)))
        taker.start()
        taker.join()
    assert got == ["a", "b", "c", None]


def test_a_stream_left_early_lets_go_of_its_socket(llm_server: ScriptedLLM) -> None:
    llm_server.play(trickle("a", 0.01))
    pieces = chat(llm_server.url).stream(TURNS)
    assert next(pieces) == "a"
    pieces.close()
    gc.collect()  # an open socket would warn, and warnings are errors


# --- what a stream is asked for beside its text ---


def test_a_stream_is_asked_for_sentences_as_json_and_for_a_count_of_tokens(llm_server: ScriptedLLM) -> None:
    llm_server.play(counted("a", "b", given=700, written=30), counted("c", given=50, written=7))
    model, meter = chat(llm_server.url), Meter(5.0, price_given=2.0, price_written=10.0)
    assert "".join(model.stream(TURNS, meter)) == "ab"
    assert "".join(model.stream(TURNS, meter)) == "c"
    for request in llm_server.requests:
        assert request.body["stream_options"] == {"include_usage": True}
        assert request.body["response_format"]["json_schema"]["schema"] == SENTENCES
    assert meter.usage == Usage(2, 750, 37, 0.00187)


@pytest.mark.parametrize("code", [400, 422])
def test_an_endpoint_that_knows_no_schema_is_asked_without_from_then_on(llm_server: ScriptedLLM, code: int) -> None:
    llm_server.play(status(code, "unknown field response_format"), say("a"), say("b"))
    model = chat(llm_server.url, retries=0)
    assert (stream(model), stream(model)) == ("a", "b")
    assert ["response_format" in request.body for request in llm_server.requests] == [True, False, False]


def test_a_meter_ends_a_call_before_its_own_deadline(llm_server: ScriptedLLM) -> None:
    llm_server.play(stall())
    start = time.monotonic()
    with pytest.raises(ModelError, match="REPORT_RAG_LLM_DEADLINE_S"):
        chat(llm_server.url, deadline_s=20).complete(TURNS, Meter(0.3))
    assert time.monotonic() - start < 10


def test_a_stream_without_end_is_ended(llm_server: ScriptedLLM) -> None:
    llm_server.play(trickle("on and on " * 50, 0.001))
    with pytest.raises(ModelError, match="wrote on past 64 tokens"):
        stream(chat(llm_server.url, max_tokens=64))


# --- failures that a second attempt mends ---


@both_ways
@pytest.mark.parametrize(
    "first", [status(429), status(500), status(503), html(502), hang_up()], ids=[429, 500, 503, "html", "hang up"]
)
def test_a_passing_failure_is_tried_again(llm_server: ScriptedLLM, call: Call, first: Act) -> None:
    llm_server.play(first, say("ok"))
    assert call(chat(llm_server.url)) == "ok"
    assert len(llm_server.requests) == 2


def test_an_answer_cut_midway_is_asked_for_again(llm_server: ScriptedLLM) -> None:
    llm_server.play(cut_midway("half"), say("whole"))
    assert complete(chat(llm_server.url)) == "whole"


def test_a_stream_that_breaks_before_its_first_piece_is_tried_again(llm_server: ScriptedLLM) -> None:
    llm_server.play(no_finish(), say("whole"))
    assert stream(chat(llm_server.url)) == "whole"


@both_ways
def test_retries_are_counted_and_are_the_only_ones(llm_server: ScriptedLLM, call: Call) -> None:
    llm_server.play(*[status(500, "out of memory")] * 9)
    with pytest.raises(ModelError, match="HTTP 500: out of memory") as caught:
        call(chat(llm_server.url, retries=2))
    assert (caught.value.status, caught.value.retryable) == (500, True)
    assert len(llm_server.requests) == 3


def test_retry_after_is_kept(llm_server: ScriptedLLM) -> None:
    llm_server.play(status(429, retry_after="1"), say("ok"))
    start = time.monotonic()
    assert complete(chat(llm_server.url)) == "ok"
    assert time.monotonic() - start >= 1.0


@pytest.mark.parametrize("ahead_s", [60, 3600])
def test_a_retry_after_beyond_the_deadline_ends_at_once(llm_server: ScriptedLLM, ahead_s: int) -> None:
    when = format_datetime(datetime.now(UTC) + timedelta(seconds=ahead_s), usegmt=True)
    llm_server.play(status(429, retry_after=when))
    with pytest.raises(ModelError, match="after the deadline of REPORT_RAG_LLM_DEADLINE_S") as caught:
        complete(chat(llm_server.url))
    assert caught.value.retryable
    assert len(llm_server.requests) == 1


def test_an_unreadable_retry_after_is_passed_over(llm_server: ScriptedLLM) -> None:
    llm_server.play(status(429, retry_after="soon"), say("ok"))
    assert complete(chat(llm_server.url)) == "ok"


@both_ways
def test_nobody_listens(call: Call) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ModelError, match=r"refused.*REPORT_RAG_LLM_BASE_URL") as caught:
        call(chat(f"http://127.0.0.1:{port}/v1"))
    assert caught.value.retryable


@both_ways
def test_an_https_address_of_a_server_without_tls(llm_server: ScriptedLLM, call: Call) -> None:
    with pytest.raises(ModelError, match=r"connection to https.*(?i:ssl).*REPORT_RAG_LLM_BASE_URL"):
        call(chat(llm_server.url.replace("http://", "https://"), retries=0))


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes its certificate with openssl")
@both_ways
def test_a_certificate_that_nobody_vouches_for(call: Call, tmp_path: Path) -> None:
    with own_certificate(tmp_path) as url, pytest.raises(ModelError, match="CERTIFICATE_VERIFY_FAILED"):
        call(chat(url, retries=0))


@contextmanager
def own_certificate(folder: Path) -> Iterator[str]:
    """An https server on loopback whose certificate it signed itself."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    made = "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    subprocess.run([*made.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def refuse() -> None:
            with contextlib.suppress(OSError), server.accept()[0] as connection:
                context.wrap_socket(connection, server_side=True).close()

        thread = threading.Thread(target=refuse)
        thread.start()
        yield f"https://127.0.0.1:{server.getsockname()[1]}/v1"
        thread.join(5)


# --- failures that a second attempt does not mend ---


@both_ways
@pytest.mark.parametrize(
    ("act", "setting"),
    [
        (status(401), "REPORT_RAG_LLM_API_KEY"),
        (status(403), "REPORT_RAG_LLM_API_KEY"),
        (status(404, "model m-1 not found"), "model m-1 not found.*REPORT_RAG_LLM_MODEL and REPORT_RAG_LLM_BASE_URL"),
        (html(404), "REPORT_RAG_LLM_BASE_URL"),
        (redirect("http://127.0.0.1:9/v1"), "REPORT_RAG_LLM_BASE_URL to the final address"),
        (say(""), "empty answer.*REPORT_RAG_LLM_MODEL"),
        (say(" \n"), "empty answer"),
        (say("half of", finish="length"), "cut off after 64 tokens; raise REPORT_RAG_LLM_MAX_TOKENS"),
        (say("I", finish="content_filter"), "content filter"),
    ],
)
def test_a_lasting_failure_names_the_setting(llm_server: ScriptedLLM, call: Call, act: Act, setting: str) -> None:
    llm_server.play(act, say("never asked"))
    with pytest.raises(ModelError, match=setting) as caught:
        call(chat(llm_server.url))
    assert not caught.value.retryable
    assert "\n" not in str(caught.value)
    assert len(llm_server.requests) == 1


@both_ways
def test_a_request_that_is_refused_names_what_it_may_be(llm_server: ScriptedLLM, call: Call) -> None:
    llm_server.play(*[status(400, "context too long")] * 2)
    with pytest.raises(ModelError, match=r"context too long.*REPORT_RAG_LLM_CONTEXT_TOKENS") as caught:
        call(chat(llm_server.url))
    assert not caught.value.retryable
    assert len(llm_server.requests) == (2 if call is stream else 1)  # a stream asks again for less


@pytest.mark.parametrize(
    "act", [html(), raw(b"ok"), raw(b"[1, 2]"), raw(b'{"choices": []}'), raw(b"{}"), raw(b'"text"'), raw(b"")]
)
def test_a_body_that_is_no_completion(llm_server: ScriptedLLM, act: Act) -> None:
    llm_server.play(act)
    with pytest.raises(ModelError, match="no chat completion; check the path in REPORT_RAG_LLM_BASE_URL"):
        complete(chat(llm_server.url))


@pytest.mark.parametrize("act", [html(), raw(b"data: {broken\n\n", "text/event-stream"), raw(b"data: [1]\n\n")])
def test_a_stream_that_is_no_completion(llm_server: ScriptedLLM, act: Act) -> None:
    llm_server.play(act)
    with pytest.raises(ModelError, match="REPORT_RAG_LLM_BASE_URL"):
        stream(chat(llm_server.url, retries=0))


@pytest.mark.parametrize(
    ("act", "match"),
    [
        (cut_midway("half"), "connection"),
        (no_finish("half"), "broke off before its end"),
        (error_midway("half", "worker died"), "broke off with an error .worker died"),
        (corrupt_midway("half"), "cannot be read amid its answer"),
    ],
)
def test_a_stream_that_fails_midway_is_not_begun_anew(llm_server: ScriptedLLM, act: Act, match: str) -> None:
    llm_server.play(act, say("never asked"))
    pieces = chat(llm_server.url).stream(TURNS)
    assert next(pieces) == "half"
    with pytest.raises(ModelError, match=match):
        next(pieces)
    assert len(llm_server.requests) == 1


# --- the deadline ---


@both_ways
@pytest.mark.parametrize(
    "act",
    [stall(), say("late", after_s=5), trickle("a", 0.03), trickle_headers(0.03), stall_midway("a")],
    ids=["stall", "slow first byte", "trickle", "trickled headers", "stall midway"],
)
def test_the_deadline_ends_whatever_the_server_does(llm_server: ScriptedLLM, call: Call, act: Act) -> None:
    llm_server.play(act, say("never asked"))
    start = time.monotonic()
    with pytest.raises(ModelError, match=r"no whole answer in 0\.3 s; raise REPORT_RAG_LLM_DEADLINE_S") as caught:
        call(chat(llm_server.url, deadline_s=0.3))
    assert caught.value.retryable
    assert 0.25 < time.monotonic() - start < 10


@both_ways
def test_the_deadline_covers_all_attempts(llm_server: ScriptedLLM, call: Call) -> None:
    llm_server.play(status(500), stall())
    start = time.monotonic()
    with pytest.raises(ModelError, match="no whole answer"):
        call(chat(llm_server.url, deadline_s=0.3))
    assert time.monotonic() - start < 10


@both_ways
def test_a_slow_first_token_within_the_deadline_is_waited_for(llm_server: ScriptedLLM, call: Call) -> None:
    llm_server.play(say("late", after_s=0.2))
    assert call(chat(llm_server.url)) == "late"


# --- secrets, settings, and the cost of an import ---


@both_ways
@pytest.mark.parametrize("code", [400, 401, 404, 429, 500])
def test_the_key_is_in_no_message_log_or_repr(
    llm_server: ScriptedLLM, call: Call, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    llm_server.play(*[status(code, f"Incorrect API key provided: {KEY}")] * 3)
    model = chat(llm_server.url, retries=1)
    with pytest.raises(ModelError) as caught:
        call(model)
    told = "".join(traceback.format_exception(caught.value))
    chain: BaseException | None = caught.value
    while chain is not None:
        told += str(chain) + repr(chain)
        chain = chain.__cause__ or chain.__context__
    assert KEY not in told + repr(model) + str(vars(model))
    # httpcore and openai log the server's own words at DEBUG; ours must not.
    assert not [r for r in caplog.records if r.name.startswith("rag") and KEY in r.getMessage()]


@pytest.mark.parametrize(
    "url", ["", "localhost:8080", "ftp://x/v1", "http://", "http://[::1", "http://u:p@x/v1", "http://x/v1?key=1"]
)
def test_an_address_that_cannot_work_is_refused_before_any_call(url: str) -> None:
    with pytest.raises(ConfigurationError, match="REPORT_RAG_LLM_BASE_URL") as caught:
        chat(url)
    assert "u:p" not in str(caught.value)


@pytest.mark.parametrize("key", ["two words", "ключ", "a\nb"])
def test_a_key_that_fits_no_header_is_refused_without_showing_it(key: str) -> None:
    with pytest.raises(ConfigurationError, match="REPORT_RAG_LLM_API_KEY") as caught:
        OpenAIChat(base_url="http://127.0.0.1/v1", model="m", api_key=key)
    assert key not in str(caught.value)


def test_a_model_must_be_named() -> None:
    with pytest.raises(ConfigurationError, match="REPORT_RAG_LLM_MODEL"):
        OpenAIChat(base_url="http://127.0.0.1/v1", model="")


def test_importing_and_building_load_no_llama_index() -> None:
    code = (
        "import sys; from rag.llm import OpenAIChat; OpenAIChat(base_url='http://x/v1', model='m');"
        "assert not {'llama_index', 'openai', 'httpx'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_pauses_grow(llm_server: ScriptedLLM, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("rag.llm.time.sleep", pauses.append)
    llm_server.play(*[status(500)] * 5)
    with pytest.raises(ModelError):
        complete(chat(llm_server.url, retries=4))
    assert [0.01 * 2**n / 2 <= pause <= 0.01 * 2**n for n, pause in enumerate(pauses)] == [True] * 4
    assert all(left <= right for left, right in pairwise(pauses))
