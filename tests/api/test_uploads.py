"""An upload's way: bytes to a job, to a report that is found and cited, to nothing left of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.receive import decoded, label
from rag.config import Settings

RYE = [
    "Rye mills of Halvard\nEquity Research, 9 May 2025",
    "The rye mills of Halvard ran at 71% of capacity in 2024, after 64% in the year before.",
]
QUESTION = "At what share of capacity did the rye mills of Halvard run in 2024?"

LOCAL = "http://127.0.0.1"


def send(client: TestClient, name: str, content: bytes) -> Any:
    return client.post("/v1/reports", files={"file": (name, content, "application/pdf")})


def job_of(response: Any) -> dict[str, Any]:
    """The job of an upload of one file."""
    (result,) = response.json()["results"]
    job: dict[str, Any] = result["job"]
    return job


def left(settings: Settings) -> list[str]:
    return [file.name for file in (settings.data_dir / "uploads").glob("*.pdf")]


def forget(settings: Settings) -> None:
    for name in left(settings):
        (settings.data_dir / "uploads" / name).unlink()


def assert_problem(response: Any, status: int, said: str) -> None:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert said in response.json()["detail"]


@pytest.fixture
def rye(tmp_path: Path, make_pdf: Callable[..., Path]) -> bytes:
    return make_pdf(tmp_path / "rye.pdf", RYE).read_bytes()


def test_whole_life_of_an_upload(client: TestClient, corpus: Settings, rye: bytes, await_job: Any) -> None:
    sent = send(client, "rye.pdf", rye)
    queued = job_of(sent)
    assert sent.status_code == 202
    assert sent.headers["location"] == f"/v1/jobs/{queued['id']}"
    assert queued["state"] == "queued"
    assert (queued["name"], queued["result"], queued["reason"]) == ("rye.pdf", None, None)

    job = await_job(client, queued["id"])
    report_id = hashlib.sha256(rye).hexdigest()[:16]
    assert job["state"] == "done", job
    assert job["result"] == {"status": "added", "report_id": report_id, "pages": 2, "chunks": 2, "warnings": []}
    assert left(corpus) == []

    report = client.get(f"/v1/reports/{report_id}").json()
    assert report["files"] == ["rye.pdf"]
    assert report in client.get("/v1/reports").json()["reports"]
    assert found_in(client) == (report_id, 1)
    assert f"[page::1](report:{report_id})" in answer_to(client)["answer"]

    assert client.delete(f"/v1/reports/{report_id}").status_code == 204
    assert client.get(f"/v1/reports/{report_id}").status_code == 404
    assert client.delete(f"/v1/reports/{report_id}").status_code == 404
    assert client.get(f"/v1/reports/{report_id}/digest").status_code == 404
    assert report_id not in client.get("/v1/reports").text
    assert report_id not in client.post("/v1/search", json={"question": QUESTION, "top_k": 100}).text
    refused = answer_to(client)
    assert refused["refusal"]
    assert report_id not in str(refused)


def found_in(client: TestClient) -> tuple[str, int]:
    first = client.post("/v1/search", json={"question": QUESTION}).json()["passages"][0]
    return first["report_id"], first["page"]


def answer_to(client: TestClient) -> Any:
    return client.post("/v1/answers", json={"question": QUESTION}).json()


def test_same_bytes_again_and_another_file_of_the_name(
    client: TestClient, rye: bytes, tmp_path: Path, make_pdf: Callable[..., Path], await_job: Any
) -> None:
    other = make_pdf(tmp_path / "other.pdf", ["Oat mills", "The oat mills of Halvard stood still."]).read_bytes()
    statuses, reports = [], []
    for name, content in (("report.pdf", rye), ("report.pdf", rye), ("report.pdf", other), ("copy.pdf", rye)):
        result = await_job(client, job_of(send(client, name, content))["id"])["result"]
        statuses.append(result["status"])
        reports.append(result["report_id"])
    assert statuses == ["added", "unchanged", "added", "second source"]
    assert reports[0] == reports[1] == reports[3] != reports[2]
    assert set(client.get(f"/v1/reports/{reports[0]}").json()["files"]) == {"report.pdf", "copy.pdf"}
    for report_id in {*reports}:
        assert client.delete(f"/v1/reports/{report_id}").status_code == 204


def test_a_file_of_which_nothing_can_be_cited_says_so(
    client: TestClient, tmp_path: Path, make_pdf: Callable[..., Path], await_job: Any
) -> None:
    headers = make_pdf(tmp_path / "headers.pdf", ["Halvard Research Weekly"] * 4).read_bytes()
    job = await_job(client, job_of(send(client, "headers.pdf", headers))["id"])
    result = job["result"]
    assert (result["status"], result["chunks"]) == ("added", 0)
    assert "nothing in it can be cited" in result["warnings"][0]
    report = f"/v1/reports/{result['report_id']}"
    assert client.get(f"{report}/quality").json()["warnings"] == result["warnings"]
    assert client.delete(report).status_code == 204


def test_file_that_is_no_pdf_fails_its_job(client: TestClient, corpus: Settings, await_job: Any) -> None:
    job = await_job(client, job_of(send(client, "letter.pdf", b"Dear reader"))["id"])
    assert (job["state"], job["result"]) == ("failed", None)
    assert job["reason"] == "not a PDF: no %PDF- mark at its start"
    assert len(left(corpus)) == 1  # it may be tried again
    assert client.post(f"/v1/jobs/{job['id']}/retry").json()["state"] == "queued"
    assert await_job(client, job["id"])["state"] == "failed"
    forget(corpus)
    assert_problem(client.post(f"/v1/jobs/{job['id']}/retry"), 409, "upload it again")
    assert client.app.state.service.catalog.failures() == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("chunked", [False, True])
def test_too_large(client: TestClient, corpus: Settings, chunked: bool) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="big.pdf"\r\n\r\n'
    pieces = [head, *[b"0" * 100_000] * 25, b"\r\n--x--\r\n"]

    def stream() -> Iterator[bytes]:
        yield from pieces

    content = stream() if chunked else b"".join(pieces)
    headers = {"content-type": "multipart/form-data; boundary=x"}
    assert_problem(client.post("/v1/reports", content=content, headers=headers), 413, "larger than 1 MB")
    assert left(corpus) == []


@pytest.mark.parametrize("chunked", [False, True])
def test_too_large_altogether_ends_at_once(client: TestClient, corpus: Settings, chunked: bool) -> None:
    sent = 0

    def stream() -> Iterator[bytes]:
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="big.pdf"\r\n\r\n'
        for _ in range(200):
            sent += 100_000
            yield b"0" * 100_000

    length = {} if chunked else {"content-length": str(2 << 30)}
    headers = {"content-type": "multipart/form-data; boundary=x", **length}
    assert_problem(client.post("/v1/reports", content=stream(), headers=headers), 413, "larger than 5 MB")
    assert left(corpus) == []


def test_many_files_have_a_result_each(client: TestClient, corpus: Settings, rye: bytes, await_job: Any) -> None:
    files = [
        ("file", ("rye.pdf", rye)),
        ("file", ("大.pdf", b"0" * (1 << 20) + b"1")),
        ("file", ("empty.pdf", b"")),
        ("file", ("../again.pdf", rye)),
    ]
    sent = client.post("/v1/reports", files=files)
    assert sent.status_code == 202
    results = sent.json()["results"]
    assert [result["name"] for result in results] == ["rye.pdf", "大.pdf", "empty.pdf", "again.pdf"]
    assert [result["problem"] and result["problem"]["status"] for result in results] == [None, 413, 422, None]
    done = [await_job(client, result["job"]["id"]) for result in results if result["job"]]
    assert [job["result"]["status"] for job in done] == ["added", "second source"]
    assert left(corpus) == []
    assert client.delete(f"/v1/reports/{done[0]['result']['report_id']}").status_code == 204


def test_too_much_beside_the_file(client: TestClient, corpus: Settings) -> None:
    def stream() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="essay"\r\n\r\n'
        for _ in range(25):
            yield b"0" * 100_000

    headers = {"content-type": "multipart/form-data; boundary=x"}
    assert_problem(client.post("/v1/reports", content=stream(), headers=headers), 413, "beside its files")
    assert left(corpus) == []


PART = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7\r\n'


@pytest.mark.parametrize(
    ("body", "content_type", "said"),
    [
        (b"", "", "no form with a file"),
        (b"%PDF-1.7", "application/pdf", "no form with a file"),
        (PART + b"--x--\r\n", "multipart/form-data", "no form with a file"),
        (PART + b"--x--\r\n", "multipart/form-data; boundary=" + "x" * 300, "boundary"),
        (PART, "multipart/form-data; boundary=x", "in the middle"),
        (b"nonsense", "multipart/form-data; boundary=x", "no multipart form"),
        ((PART + b"\r\n") * 101 + b"--x--\r\n", "multipart/form-data; boundary=x", "more than 100 files"),
        (PART.replace(b"%PDF-1.7", b"") + b"--x--\r\n", "multipart/form-data; boundary=x", "empty"),
        (PART.replace(b'"file"', b'"pdf"') + b"--x--\r\n", "multipart/form-data; boundary=x", "no file came"),
        (PART.replace(b'; filename="a.pdf"', b"") + b"--x--\r\n", "multipart/form-data; boundary=x", "is no file"),
    ],
)
def test_bad_forms(client: TestClient, corpus: Settings, body: bytes, content_type: str, said: str) -> None:
    response = client.post("/v1/reports", content=body, headers={"content-type": content_type})
    assert_problem(response, 422, said)
    assert left(corpus) == []


def test_file_arrives_in_any_pieces(client: TestClient, await_job: Any) -> None:
    content = bytes(range(256)) + b"\r\n--y\r\n-\r\n--"  # what looks like the beginning of a boundary
    body = PART.replace(b"%PDF-1.7", content) + b"--x--\r\n"

    def stream() -> Iterator[bytes]:
        for at in range(len(body)):
            yield body[at : at + 1]

    job = client.post("/v1/reports", content=stream(), headers={"content-type": "multipart/form-data; boundary=x"})
    payload = client.app.state.service.catalog.job(job_of(job)["id"]).payload  # type: ignore[attr-defined]
    assert hashlib.sha256(content).hexdigest()[:16] in payload
    assert await_job(client, job_of(job)["id"])["state"] == "failed"


def test_disk_that_cannot_be_written(corpus: Settings, tmp_path: Path) -> None:
    with TestClient(create_app(corpus.model_copy(update={"data_dir": tmp_path})), LOCAL) as client:
        (tmp_path / "uploads").write_text("in the way")
        assert_problem(send(client, "a.pdf", b"%PDF-1.7"), 500, "cannot be kept in the data directory")


@pytest.mark.parametrize(
    ("sent_as", "expected"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/report.pdf", "report.pdf"),
        ("C:\\Users\\me\\研报.pdf", "研报.pdf"),
        ("a\r\nb\x00\u202ec.pdf", "abc.pdf"),
        ("", "upload.pdf"),
        ("..", "upload.pdf"),
        ("dir/", "upload.pdf"),
        ("x" * 500 + ".pdf", "x" * 176 + ".pdf"),
    ],
)
def test_label(sent_as: str, expected: str) -> None:
    assert label(sent_as) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_chinese_name_is_read_in_the_encoding_of_its_sender(encoding: str) -> None:
    assert decoded("中金公司研报.pdf".encode(encoding)) == "中金公司研报.pdf"
    assert decoded("é.pdf".encode("latin-1")) == "é.pdf"
