from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from rag.catalog import Catalog
from rag.catalog import requests as module
from rag.catalog.engine import begin_read, begin_write
from rag.catalog.tables import request_reports, requests
from rag.errors import NotFoundError

Put = Callable[..., object]


def age(catalog: Catalog, id: str, by: timedelta) -> None:
    with begin_write(catalog.engine) as connection:
        connection.execute(update(requests).where(requests.c.id == id).values(begun=datetime.now(UTC) - by))


def test_a_request_is_done_once(catalog: Catalog) -> None:
    assert catalog.requests.begin("r", "one") == "new"
    assert catalog.requests.begin("r", "one") == "running"
    assert catalog.requests.given("r") is None
    catalog.requests.end("r", "body")
    assert catalog.requests.begin("r", "one") == "ended"
    assert catalog.requests.given("r") == "body"
    assert catalog.requests.begin("r", "two") == "other"
    assert catalog.requests.begin("s", "two") == "new"


def test_what_failed_may_be_sent_again(catalog: Catalog) -> None:
    catalog.requests.begin("r", "one")
    catalog.requests.drop("r")
    assert catalog.requests.begin("r", "two") == "new"


def test_it_is_forgotten_in_time(catalog: Catalog) -> None:
    for id in ("ended", "running"):
        catalog.requests.begin(id, "one")
    catalog.requests.end("ended", "body")
    for id in ("ended", "running"):
        age(catalog, id, module.ABANDONED + timedelta(seconds=1))
    assert catalog.requests.begin("running", "two") == "new"
    assert catalog.requests.begin("ended", "one") == "ended"
    age(catalog, "ended", module.KEPT + timedelta(seconds=1))
    assert catalog.requests.begin("ended", "two") == "new"


def test_it_goes_with_a_report_that_it_names(catalog: Catalog, put: Put) -> None:
    a, b = put("a").id, put("b").id  # type: ignore[attr-defined]
    for id, reports in (("both", [a, b, a]), ("one", [b])):
        catalog.requests.begin(id, "x")
        catalog.requests.end(id, id, reports)
    catalog.remove(a)
    assert (catalog.requests.given("both"), catalog.requests.given("one")) == (None, "one")
    with begin_read(catalog.engine) as connection:
        assert connection.scalar(select(func.count()).select_from(request_reports)) == 1
    catalog.requests.begin("late", "x")
    with pytest.raises(NotFoundError):
        catalog.requests.end("late", "body", [a])
    assert catalog.requests.given("late") is None
