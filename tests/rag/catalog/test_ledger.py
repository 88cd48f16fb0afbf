from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from rag.catalog import ApiKey, Catalog, new_id
from rag.errors import NotFoundError

Put = Callable[..., Any]


def key(name: str) -> ApiKey:
    return ApiKey(new_id()[:12], "0" * 64, name, ("read",), ("中金公司", "CITIC; Securities"), datetime.now(UTC))


def test_keys_come_back_and_end_for_good(catalog: Catalog) -> None:
    first, second = key("first"), key("second")
    for one in (first, second):
        catalog.ledger.add_key(one)
    assert catalog.ledger.all_keys() == [first, second]
    assert catalog.ledger.key(first.id) == first
    ended = catalog.ledger.revoke_key(first.id)
    assert ended.revoked is not None
    assert catalog.ledger.revoke_key(first.id).revoked == ended.revoked
    assert catalog.ledger.key(second.id) == second


def test_an_unknown_key_is_told_with_those_there_are(catalog: Catalog) -> None:
    known = key("mine")
    catalog.ledger.add_key(known)
    assert catalog.ledger.key("nobody") is None
    with pytest.raises(NotFoundError) as caught:
        catalog.ledger.revoke_key("nobody")
    assert caught.value.candidates == (f"{known.id}  mine",)


def test_the_audit_log_goes_back_in_time(catalog: Catalog) -> None:
    for number in range(5):
        catalog.ledger.record("key", "DELETE", f"/v1/reports/{number}", 204, "r")
    newest = catalog.ledger.audit_before(None, 2)
    assert [entry.target[-1] for entry in newest] == ["4", "3"]
    assert [e.target[-1] for e in catalog.ledger.audit_before(newest[-1].number, 9)] == ["2", "1", "0"]


def test_answers_are_kept_by_conversation(catalog: Catalog, put: Put) -> None:
    a, b = put("a").id, put("b").id
    ids = [new_id() for _ in range(3)]
    for number, answer_id in enumerate(ids):
        catalog.ledger.keep_answer(answer_id, "one" if number < 2 else "other", json.dumps(number), [b, a, a])
    assert [kept.id for kept in catalog.ledger.conversation("one")] == ids[:2]
    assert catalog.ledger.answer(ids[1]).body == "1"
    assert catalog.ledger.answer(ids[1]).reports == (a, b)
    assert catalog.ledger.conversation("none") == []


def test_an_answer_goes_with_a_report_that_it_names(catalog: Catalog, put: Put) -> None:
    a, b = put("a").id, put("b").id
    gone, stays = new_id(), new_id()
    catalog.ledger.keep_answer(gone, "c", "{}", [a, b])
    catalog.ledger.keep_answer(stays, "c", "{}", [b])
    catalog.remove(a)
    assert [kept.id for kept in catalog.ledger.conversation("c")] == [stays]
    with pytest.raises(NotFoundError, match="was deleted"):
        catalog.ledger.answer(gone)


def test_no_answer_is_kept_that_names_a_report_on_its_way_out(catalog: Catalog, put: Put) -> None:
    """It would come back with the report, if the same file were ever ingested again."""
    a, b = put("a").id, put("b").id
    catalog.hide(a)
    for reports in ([a], [b, a], ["c" * 16]):
        late = new_id()
        with pytest.raises(NotFoundError, match="was deleted"):
            catalog.ledger.keep_answer(late, "c", "{}", reports)
        with pytest.raises(NotFoundError):
            catalog.ledger.answer(late)
    assert catalog.ledger.conversation("c") == []
