"""Messages to an LLM's text, over an OpenAI-compatible endpoint (llama-index's OpenAILike); the adapter of `ChatModel`.

One deadline covers a call with all its retries; rag/deadline.py holds it. Connections live for one call: a call takes
seconds, a handshake a tenth of one, and so no threads share state and nobody has to close anything.
"""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import structlog
from pydantic import SecretStr

from rag.errors import ConfigurationError, ModelError
from rag.ports import SENTENCES, Message
from rag.telemetry import tell_tokens

if TYPE_CHECKING:
    import httpx
    from llama_index.core.llms import ChatMessage

    from rag.deadline import Clock
    from rag.meter import Meter

_BASE_URL, _MODEL, _API_KEY = "REPORT_RAG_LLM_BASE_URL", "REPORT_RAG_LLM_MODEL", "REPORT_RAG_LLM_API_KEY"
_MAX_TOKENS, _CONTEXT = "REPORT_RAG_LLM_MAX_TOKENS", "REPORT_RAG_LLM_CONTEXT_TOKENS"
_DEADLINE = "REPORT_RAG_LLM_DEADLINE_S"
_LONGEST_PAUSE_S = 8.0
_TOKEN_CHARS = 16  # no model's tokens are that long on average
_REFUSED = (400, 422)  # among others for fields that an endpoint does not know
_STREAM_OPTIONS = {
    "stream_options": {"include_usage": True},
    "response_format": {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": SENTENCES}},
}


class OpenAIChat:
    """A chat model at `base_url`. The first call loads llama-index (1 to 3 seconds), before its deadline runs."""

    def __init__(
        self,
        *,
        base_url: str,
        model: str,
        api_key: str = "",
        deadline_s: float = 60.0,
        retries: int = 2,
        max_tokens: int = 1024,
        first_pause_s: float = 0.5,
    ) -> None:
        if not model:
            raise ConfigurationError(f"no LLM is named; set {_MODEL} to a model of the endpoint")
        self._url = _checked_url(base_url)
        self._key = _checked_key(api_key)
        self._model = model
        self._deadline_s = deadline_s
        self._retries = retries
        self._max_tokens = max_tokens
        self._first_pause_s = first_pause_s
        self._plain = False  # the endpoint is known to refuse what a stream is asked for beside its text

    def __repr__(self) -> str:
        return f"OpenAIChat(model={self._model!r}, base_url={self._url!r})"

    @property
    def name(self) -> str:
        return self._model

    def complete(self, messages: Sequence[Message], meter: Meter | None = None) -> str:
        """The whole answer, or ModelError."""
        turns, clock = self._begin(messages, meter)
        for attempt in itertools.count():
            try:
                return self._complete_once(turns, clock, meter)
            except Exception as exc:  # llama-index fails in open-ended ways on a malformed body
                fault, asked = self._explain(exc, clock)
            # Raised outside the handler: the cause holds the server's words, which may repeat the API key.
            self._pause_or_raise(fault, asked, attempt, clock)
        raise AssertionError("unreachable")

    def stream(self, messages: Sequence[Message], meter: Meter | None = None) -> Iterator[str]:
        """Pieces of the answer; a failure before the first piece is retried, a later one is a ModelError at once.

        A schema and a count of tokens are asked for; an endpoint that refuses the request is asked again without.
        """
        turns, clock = self._begin(messages, meter)
        more = {} if self._plain else _STREAM_OPTIONS
        attempt = 0
        while True:
            begun = False
            try:
                for piece in self._stream_once(turns, clock, meter, more):
                    begun = True
                    yield piece
                self._plain = not more
                return
            except Exception as exc:  # as in complete
                fault, asked = self._explain(exc, clock, begun=begun)
            if more and not begun and fault.status in _REFUSED:
                structlog.get_logger().info("llm refuses a schema", reason=str(fault))
                more = {}
                continue
            self._pause_or_raise(fault, asked, self._retries if begun else attempt, clock)
            attempt += 1

    # --- one attempt -------------------------------------------------------------------------------------------------

    def _begin(self, messages: Sequence[Message], meter: Meter | None) -> tuple[list[ChatMessage], Clock]:
        from llama_index.core.llms import ChatMessage
        from llama_index.llms.openai_like import OpenAILike  # type: ignore[import-untyped]  # noqa: F401

        # The import above ships no types; it is here to be paid before the clock starts.
        from rag.deadline import Clock

        seconds = self._deadline_s if meter is None else min(self._deadline_s, meter.left)
        return [ChatMessage(role=turn.role, content=turn.content) for turn in messages], Clock(seconds)

    def _complete_once(self, turns: list[ChatMessage], clock: Clock, meter: Meter | None) -> str:
        with closing(self._http(clock)) as http:
            response = self._llama(http, meter).chat(turns)
        _count(response.raw, meter)
        text = str(response.message.content or "")
        self._check_end(text, str(response.raw.choices[0].finish_reason or "stop"))
        return text

    def _stream_once(
        self, turns: list[ChatMessage], clock: Clock, meter: Meter | None, more: Mapping[str, object]
    ) -> Iterator[str]:
        reason: str | None = None
        seen = ""
        length = 0
        told: object = None  # the last piece that holds a count: some endpoints send the sum so far with each
        with closing(self._http(clock)) as http:
            for chunk in self._llama(http, meter).stream_chat(turns, **more):
                told = chunk.raw if chunk.raw.usage else told
                if chunk.raw.choices:
                    reason = chunk.raw.choices[0].finish_reason or reason
                if chunk.delta:
                    seen = seen or chunk.delta.strip()
                    length += len(chunk.delta)
                    if length > _TOKEN_CHARS * self._max_tokens:
                        raise ModelError(
                            f"{self._url} wrote on past {self._max_tokens} tokens; set {_MODEL} to another model"
                        )
                    yield chunk.delta
        _count(told, meter)
        self._check_end(seen, reason)

    def _check_end(self, text: str, reason: str | None) -> None:
        """ModelError unless the model says that it is done and has written something."""
        if reason is None:
            raise ModelError(
                f"the answer of {self._url} broke off before its end; ask again, and check {_BASE_URL} if it stays so",
                retryable=True,
            )
        if reason == "length":
            raise ModelError(f"the answer was cut off after {self._max_tokens} tokens; raise {_MAX_TOKENS}")
        if reason == "content_filter":
            raise ModelError(f"the content filter of {self._url} stopped the answer; set {_MODEL} to another model")
        if not text.strip():
            raise ModelError(f"the model {self._model} gave an empty answer; check {_MODEL} or raise {_MAX_TOKENS}")

    def _http(self, clock: Clock) -> httpx.Client:
        from rag.deadline import deadline_client

        return deadline_client(clock, self._key)

    def _llama(self, http: httpx.Client, meter: Meter | None) -> Any:
        from llama_index.llms.openai_like import OpenAILike

        if meter is not None:
            meter.call()
        return OpenAILike(
            model=self._model,
            api_base=self._url,
            api_key="added-by-the-transport",  # the real one stays out of llama-index's events, errors and reprs
            is_chat_model=True,
            temperature=0.0,
            max_tokens=self._max_tokens,
            max_retries=0,  # ours are the only ones
            timeout=self._deadline_s,
            http_client=http,
        )

    # --- failures ----------------------------------------------------------------------------------------------------

    def _pause_or_raise(self, fault: ModelError, asked: float | None, attempt: int, clock: Clock) -> None:
        """Sleep before the next attempt, or raise `fault` when there is none. `asked` is the server's Retry-After."""
        if not fault.retryable or attempt >= self._retries or clock.is_over:
            raise fault
        longest = min(self._first_pause_s * 2**attempt, _LONGEST_PAUSE_S)
        pause = longest * random.uniform(0.5, 1) if asked is None else asked  # noqa: S311  # spreads callers
        if pause >= clock.remaining:
            raise ModelError(
                f"{fault} (the next attempt is due in {pause:.1f} s, after the deadline of {_DEADLINE})",
                status=fault.status,
                retryable=True,
            )
        structlog.get_logger().info("llm retry", attempt=attempt + 1, pause_s=round(pause, 2), reason=str(fault))
        time.sleep(pause)

    def _explain(self, exc: Exception, clock: Clock, *, begun: bool = False) -> tuple[ModelError, float | None]:
        """What went wrong, in the reader's terms, and the pause the server asks for. `begun`: after a piece had come."""
        import httpcore
        import httpx
        import openai

        if isinstance(exc, ModelError):
            return exc, None
        if clock.is_over:
            text = (
                f"{self._url} gave no whole answer in {self._deadline_s:g} s; raise {_DEADLINE} or use a faster model"
            )
            return ModelError(text, retryable=True), None
        if isinstance(exc, openai.APIStatusError):
            fault = self._explain_status(exc.status_code, exc.body)
            return fault, _asked_pause(exc.response.headers)
        broken = (openai.APIConnectionError, httpx.TransportError, httpcore.NetworkError, httpcore.ProtocolError)
        if isinstance(exc, broken):
            cause = self._one_line(str(exc.__cause__ or exc))
            text = f"the connection to {self._url} failed ({cause}); check that it runs, and {_BASE_URL}"
            return ModelError(text, retryable=True), None
        if isinstance(exc, openai.APIError):  # told inside a stream that began well
            text = f"{self._url} broke off with an error ({self._one_line(exc.message)}); ask again or see its log"
            return ModelError(text, retryable=True), None
        if begun:
            return ModelError(f"{self._url} sent what cannot be read amid its answer; ask again or see its log"), None
        return ModelError(f"{self._url} sent no chat completion; check the path in {_BASE_URL} (often /v1)"), None

    def _explain_status(self, status: int, body: object) -> ModelError:
        said = body.get("message") if isinstance(body, Mapping) else None
        words = f"HTTP {status}" + (f": {self._one_line(said)}" if isinstance(said, str) and said.strip() else "")
        retryable = False
        if status in (401, 403):  # without the server's words: they tend to repeat part of the key
            text = f"{self._url} refused the API key (HTTP {status}); check {_API_KEY}"
        elif status == 404:
            text = f"{self._url} has no model {self._model}, or no such path ({words}); check {_MODEL} and {_BASE_URL}"
        elif status in (408, 429) or status >= 500:
            text = f"{self._url} is busy or failing ({words}); try again later"
            retryable = True
        elif status < 400:
            text = f"{self._url} redirects elsewhere ({words}); set {_BASE_URL} to the final address"
        else:
            text = f"{self._url} refused the request ({words}); check {_MODEL}, {_CONTEXT} and {_MAX_TOKENS}"
        return ModelError(text, status=status, retryable=retryable)

    def _one_line(self, text: str) -> str:
        key = self._key.get_secret_value()
        flat = " ".join((text.replace(key, "***") if key else text).split())
        return flat if len(flat) <= 200 else flat[:200] + "…"


def _checked_url(base_url: str) -> str:
    """Stripped of the last slash. Parts that may hold secrets are refused: the address shows in messages."""
    example = "http://127.0.0.1:8080/v1"
    try:
        parts = urlsplit(base_url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https"):
        raise ConfigurationError(f"the LLM endpoint is no web address; set {_BASE_URL} to one like {example}")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ConfigurationError(
            f"the LLM endpoint holds a user name or a query; set {_BASE_URL} to one like {example} and use {_API_KEY}"
        )
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}{f':{port}' if port else ''}{parts.path.rstrip('/')}"


def _checked_key(api_key: str) -> SecretStr:
    key = api_key.strip()  # a key read from a file ends with a newline
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise ConfigurationError(f"the API key cannot stand in an HTTP header; set {_API_KEY} to the bare key")
    return SecretStr(key)


def _count(raw: object, meter: Meter | None) -> None:
    """Tell of the tokens that a reply, or the last piece of one, says it took."""
    usage = getattr(raw, "usage", None)
    if usage is None:
        return
    given, written = usage.prompt_tokens or 0, usage.completion_tokens or 0
    tell_tokens(given, written)
    if meter is not None:
        meter.count(given, written)


def _asked_pause(headers: Mapping[str, str]) -> float | None:
    """Seconds of a Retry-After header, which is a number or a date; None without a usable one."""
    value = headers.get("retry-after", "").strip()
    if value.isdigit():
        return float(value)
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (when.replace(tzinfo=when.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
