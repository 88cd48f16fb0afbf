"""A bearer token in, the caller it stands for out: what he may do, and which publishers' reports he may see.

A token is `rr_ID_SECRET`; the catalog has the SHA-256 of the secret, which is random and long.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal, get_args

from rag.catalog import ApiKey, Ledger, new_id
from rag.domain import Filter, Report
from rag.errors import UsageError

Scope = Literal["read", "write", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)  # each includes those before it
_TOKEN = re.compile(r"rr_([0-9a-f]{12})_([A-Za-z0-9_-]{43})", re.ASCII)
_LONGEST_NAME = 80
# A question is put with POST and changes nothing.
_ASKING = frozenset({"/v1/search", "/v1/answers", "/v1/compare", "/v1/chat/completions"})
_CLOSED = ("/v1/", "/mcp", "/metrics")
_ADMIN = frozenset({"/v1/audit", "/metrics"})


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. No publishers: he sees all reports."""

    id: str
    name: str
    scope: Scope
    publishers: tuple[str, ...] = ()

    def may(self, scope: Scope) -> bool:
        return SCOPES.index(scope) <= SCOPES.index(self.scope)

    def sees(self, report: Report) -> bool:
        return not self.publishers or report.publisher in self.publishers

    def within(self, filter: Filter) -> Filter:
        """The filter, narrowed to what the caller may see; UsageError when he asks for other publishers alone."""
        if not self.publishers:
            return filter
        both = tuple(name for name in filter.publishers or self.publishers if name in self.publishers)
        if not both:
            raise UsageError(
                f"this key is for reports of {', '.join(self.publishers)}: ask for one of these publishers"
            )
        return replace(filter, publishers=both)


LOCAL = Caller("local", "local", "admin")
"""Whoever reaches a server that asks for no keys."""


def needed(method: str, path: str) -> Scope | None:
    """The scope that a request takes; None where anyone may."""
    if not path.startswith(_CLOSED):
        return None
    if path in _ADMIN:
        return "admin"
    asking = path.startswith("/mcp") or (method == "POST" and path.rstrip("/") in _ASKING)
    reading = asking or method in ("GET", "HEAD", "OPTIONS")
    return "read" if reading else "write"


def make_key(name: str, scope: Scope, publishers: Sequence[str]) -> tuple[ApiKey, str]:
    """A new key and its token, which nobody can make again. UsageError for what no key can be."""
    name = name.strip()
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise UsageError(f"a key needs a name of 1 to {_LONGEST_NAME} characters on one line, to tell it from others")
    if publishers and scope != "read":
        raise UsageError(f"a key for some publishers can only have the scope read, not {scope}: make two keys")
    secret = secrets.token_urlsafe(32)
    key = ApiKey(new_id()[:12], _hash(secret), name, (scope,), tuple(publishers), datetime.now(UTC))
    return key, f"rr_{key.id}_{secret}"


def caller_of(ledger: Ledger, token: str) -> Caller | None:
    """None for a token that is none, unknown or revoked: which of these is nobody's business."""
    match = _TOKEN.fullmatch(token)
    key = ledger.key(match[1]) if match else None
    if match is None or key is None or key.revoked is not None:
        return None
    if not hmac.compare_digest(_hash(match[2]), key.hash):
        return None
    scope = max((one for one in SCOPES if one in key.scopes), key=SCOPES.index, default=None)
    return None if scope is None else Caller(key.id, key.name, scope, key.publishers)


def is_loopback(host: str) -> bool:
    """Whether an address or name is this machine's own, to which no other machine can connect."""
    bare = host.strip("[]").lower()
    if bare == "localhost":
        return True
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return False


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
