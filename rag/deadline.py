"""Seconds in, an httpx client out whose every wait ends at that deadline; it talks to one endpoint with one API key.

The deadline is held where bytes move: each read and write of the socket gets only the time that is left, so a server
that sends a byte now and then ends like one that is silent. httpx's own timeouts start anew with every byte.
"""

from __future__ import annotations

import functools
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import httpcore
import httpx
from pydantic import SecretStr

from rag.telemetry import cancel_event

# Everything else, such as OPENAI_ORG_ID or OPENAI_CUSTOM_HEADERS of the user's shell, stays here.
_SENT_HEADERS = frozenset({b"host", b"accept", b"accept-encoding", b"content-type", b"content-length", b"connection"})

_TOUCH_S = 0.002  # a socket's wait may end a touch early
_LOOK_S = 0.2  # so long a read waits before it looks whether the call was cancelled


class Clock:
    """The time left of one call."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._cancel = cancel_event()

    @property
    def remaining(self) -> float:
        """None is left once the call is cancelled."""
        if self._cancel is not None and self._cancel.is_set():
            return 0.0
        return self._end - time.monotonic()

    @property
    def is_over(self) -> bool:
        return self.remaining <= _TOUCH_S

    def left(self) -> float:
        """Seconds left; raises when there are none, since a socket takes 0 for `do not wait`."""
        remaining = self.remaining
        if remaining <= _TOUCH_S:
            raise httpcore.ReadTimeout("the deadline has passed")
        return remaining


def deadline_client(clock: Clock, api_key: SecretStr) -> httpx.Client:
    """A client for one call: no proxy, no redirect, nothing from the environment but the trusted certificates."""
    return httpx.Client(transport=_Transport(api_key, clock.left), trust_env=False)


@functools.cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context()


class _Transport(httpx.BaseTransport):
    """httpx requests to httpcore, with the API key put in here so that no layer above holds it."""

    def __init__(self, api_key: SecretStr, left: Callable[[], float]) -> None:
        self._key = api_key
        self._left = left
        self._pool: httpcore.ConnectionPool | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self._pool is None:
            context = _tls() if request.url.scheme == "https" else None
            self._pool = httpcore.ConnectionPool(ssl_context=context, network_backend=_Backend(self._left))
        headers = [(name, value) for name, value in request.headers.raw if name.lower() in _SENT_HEADERS]
        headers.append((b"User-Agent", b"report-rag"))
        if key := self._key.get_secret_value():
            headers.append((b"Authorization", f"Bearer {key}".encode("ascii")))
        url = httpcore.URL(
            scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path
        )
        response = self._pool.handle_request(
            httpcore.Request(
                request.method, url, headers=headers, content=request.stream, extensions=request.extensions
            )
        )
        return httpx.Response(
            response.status, headers=response.headers, stream=_Body(response), extensions=response.extensions
        )

    def close(self) -> None:
        if self._pool is not None:
            self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        return self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


class _Backend(httpcore.NetworkBackend):
    """Opens connections that keep the deadline."""

    def __init__(self, left: Callable[[], float]) -> None:
        self._left = left
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """The first address of `host` that answers; one after the other, or each would get the whole timeout."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as exc:
            raise httpcore.ConnectError(f"no address is known for {host}: {exc.strerror}") from exc
        fault: Exception = httpcore.ConnectError(f"no address is known for {host}")
        for address in dict.fromkeys(str(entry[4][0]) for entry in found):
            try:
                inner = self._inner.connect_tcp(address, port, self._left(), local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as exc:
                fault = exc
            else:
                return _Stream(inner, self._left)
        raise fault


class _Stream(httpcore.NetworkStream):
    """A connection whose waits end at the deadline, whatever timeout the layers above ask for."""

    def __init__(self, inner: httpcore.NetworkStream, left: Callable[[], float]) -> None:
        self._inner = inner
        self._left = left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        while True:
            try:
                return self._inner.read(max_bytes, min(_LOOK_S, self._left()))
            except httpcore.ReadTimeout:
                self._left()  # raises when no time is left

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._inner.write(buffer, self._left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, self._left()), self._left)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
