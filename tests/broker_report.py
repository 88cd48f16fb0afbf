"""A report of a Chinese broker, about no company, for tests of what is made of one: `from broker_report import BROKER`."""

from datetime import UTC, date, datetime

from rag.domain import Report

BROKER = Report(
    id="9f2c41d0aa17b3e5",
    sha256="9f2c41d0aa17b3e5" * 4,
    title="电车的春天",
    publisher="青岚研究",
    published=date(2024, 3, 15),
    language="zh",
    page_count=2,
    sources=("a.pdf",),
    added=datetime(2024, 3, 16, tzinfo=UTC),
)
