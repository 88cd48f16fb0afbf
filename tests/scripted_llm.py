"""A script of behaviours in, an OpenAI-compatible endpoint on loopback out that plays them, one a request.

Every wait ends when the server stops, so a stalled request never holds up a test.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

MADE_UP = "预计2025年净利润同比增长12%。[page::999](report:0123456789abcdef)\n详见[公告](https://example.org/x)，订单充足[K7F]。"


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


class Exchange:
    """One request under way: what an act needs to answer it, or not."""

    def __init__(self, handler: BaseHTTPRequestHandler, request: Request, stopped: threading.Event) -> None:
        self.handler = handler
        self.request = request
        self._stopped = stopped

    @property
    def streamed(self) -> bool:
        return bool(self.request.body.get("stream"))

    def pause(self, seconds: float) -> bool:
        """Wait; False when the server stops."""
        return not self._stopped.wait(seconds)

    def begin(self, status: int, headers: dict[str, str]) -> None:
        self.handler.send_response(status)
        for name, value in {**headers, "Connection": "close"}.items():
            self.handler.send_header(name, value)
        self.handler.end_headers()

    def send(self, status: int, body: bytes, content_type: str, **headers: str) -> None:
        self.begin(status, {"Content-Type": content_type, "Content-Length": str(len(body)), **headers})
        self.handler.wfile.write(body)

    def begin_stream(self) -> None:
        self.begin(200, {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"})

    def event(self, data: str) -> None:
        body = f"data: {data}\n\n".encode()
        self.handler.wfile.write(f"{len(body):x}\r\n".encode() + body + b"\r\n")

    def piece(self, text: str | None, finish: str | None = None) -> None:
        delta = {} if text is None else {"content": text}
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        self.event(json.dumps({**_envelope("chat.completion.chunk"), "choices": [choice]}))

    def end_stream(self) -> None:
        self.event("[DONE]")
        self.handler.wfile.write(b"0\r\n\r\n")


Act = Callable[[Exchange], None]


def _envelope(kind: str) -> dict[str, Any]:
    return {"id": "c-1", "object": kind, "created": 0, "model": "scripted"}


def _answer(text: str | None, finish: str) -> bytes:
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish}
    return json.dumps({**_envelope("chat.completion"), "choices": [choice]}).encode()


def say(*pieces: str, finish: str = "stop", after_s: float = 0.0) -> Act:
    """A whole answer, in pieces where a stream is asked for; its first byte comes `after_s` seconds."""

    def act(exchange: Exchange) -> None:
        exchange.pause(after_s)
        if not exchange.streamed:
            exchange.send(200, _answer("".join(pieces), finish), "application/json")
            return
        exchange.begin_stream()
        for piece in pieces:
            exchange.piece(piece)
        exchange.piece(None, finish)
        exchange.end_stream()

    return act


def status(code: int, message: str = "scripted failure", retry_after: str | None = None) -> Act:
    body = json.dumps({"error": {"message": message, "type": "scripted"}}).encode()
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return lambda exchange: exchange.send(code, body, "application/json", **headers)


def redirect(location: str) -> Act:
    return lambda exchange: exchange.send(307, b"", "text/plain", Location=location)


def raw(body: bytes, content_type: str = "application/json", code: int = 200) -> Act:
    return lambda exchange: exchange.send(code, body, content_type)


def html(code: int = 200) -> Act:
    return raw(b"<!DOCTYPE html><html><body><h1>Welcome</h1></body></html>", "text/html", code)


def stall() -> Act:
    """Takes the request and never answers."""
    return lambda exchange: exchange.pause(30) and None


def stall_midway(text: str) -> Act:
    def act(exchange: Exchange) -> None:
        exchange.begin_stream()
        exchange.piece(text)
        exchange.pause(30)

    return act


def trickle(text: str, every_s: float) -> Act:
    """Without end: pieces of a stream, or single bytes of a JSON body."""

    def act(exchange: Exchange) -> None:
        if exchange.streamed:
            exchange.begin_stream()
            while exchange.pause(every_s):
                exchange.piece(text)
        exchange.begin(200, {"Content-Type": "application/json", "Content-Length": "1000000"})
        while exchange.pause(every_s):
            exchange.handler.wfile.write(b" ")

    return act


def trickle_headers(every_s: float) -> Act:
    def act(exchange: Exchange) -> None:
        exchange.handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while exchange.pause(every_s):
            exchange.handler.wfile.write(b"a")

    return act


def hang_up() -> Act:
    """Closes the connection without a byte."""
    return lambda exchange: None


def cut_midway(text: str) -> Act:
    """Closes the connection inside the answer."""

    def act(exchange: Exchange) -> None:
        if exchange.streamed:
            exchange.begin_stream()
            exchange.piece(text)
        else:
            exchange.begin(200, {"Content-Type": "application/json", "Content-Length": "1000000"})
            exchange.handler.wfile.write(_answer(text, "stop"))

    return act


def corrupt_midway(text: str) -> Act:
    """A piece, then an event that is no JSON."""

    def act(exchange: Exchange) -> None:
        exchange.begin_stream()
        exchange.piece(text)
        exchange.event('{"choices": [{"delta": {"content": "ha')
        exchange.end_stream()

    return act


def paced(*pieces: str, before: Callable[[int], None]) -> Act:
    """A whole stream; `before(n)` is called before the nth piece is sent, and may wait."""

    def act(exchange: Exchange) -> None:
        exchange.begin_stream()
        for number, piece in enumerate(pieces):
            before(number)
            exchange.piece(piece)
        exchange.piece(None, "stop")
        exchange.end_stream()

    return act


def counted(*pieces: str, given: int, written: int) -> Act:
    """A whole stream that ends with a count of tokens, in a piece without choices."""

    def act(exchange: Exchange) -> None:
        exchange.begin_stream()
        for piece in pieces:
            exchange.piece(piece)
        exchange.piece(None, "stop")
        usage = {"prompt_tokens": given, "completion_tokens": written, "total_tokens": given + written}
        exchange.event(json.dumps({**_envelope("chat.completion.chunk"), "choices": [], "usage": usage}))
        exchange.end_stream()

    return act


def no_finish(*pieces: str) -> Act:
    """A stream that ends properly but for the finish reason."""

    def act(exchange: Exchange) -> None:
        exchange.begin_stream()
        for piece in pieces:
            exchange.piece(piece)
        exchange.end_stream()

    return act


def error_midway(text: str, message: str) -> Act:
    def act(exchange: Exchange) -> None:
        exchange.begin_stream()
        exchange.piece(text)
        exchange.event(json.dumps({"error": {"message": message, "code": 500}}))
        exchange.end_stream()

    return act


class ScriptedLLM:
    """`url` to call, `play(...)` to set what comes next, `requests` to see what was asked."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/v1"
        self.requests: list[Request] = []
        self.stopped = threading.Event()
        self._script: list[Act] = []

    def play(self, *acts: Act) -> ScriptedLLM:
        self._script.extend(acts)
        return self

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length", "0")))
        request = Request(handler.path, dict(handler.headers.items()), json.loads(body))
        self.requests.append(request)
        act = self._script.pop(0) if self._script else status(418, "the script has ended")
        act(Exchange(handler, request, self.stopped))


@contextmanager
def scripted_llm() -> Iterator[ScriptedLLM]:
    """A running server; on leaving, all its threads and sockets are gone."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 0

        def do_POST(self) -> None:
            self.close_connection = True
            try:
                endpoint.answer(self)
            except ConnectionError:
                return  # the client went away, as it may

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False  # so that closing waits for the threads, and no socket is left
    endpoint = ScriptedLLM(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield endpoint
    finally:
        endpoint.stopped.set()
        server.shutdown()
        thread.join()
        server.server_close()
