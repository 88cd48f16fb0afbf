from pathlib import Path

from ingest.discover import discover, hash_file


def test_folders_files_and_faults(tmp_path: Path) -> None:
    for name in ("b.pdf", "a.PDF", "note.txt", ".hidden.pdf", "sub/c.pdf", ".git/d.pdf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "empty").mkdir()
    found = discover([tmp_path, tmp_path / "b.pdf", tmp_path / "note.txt", tmp_path / "none.pdf", tmp_path / "empty"])
    assert [f.path.name for f in found if not f.fault] == ["a.PDF", "b.pdf", "c.pdf", "note.txt"]
    assert {f.path.name: f.fault for f in found if f.fault} == {
        "none.pdf": "no such file or folder",
        "empty": "no PDF file in this folder",
    }


def test_a_file_is_found_once_and_its_key_is_absolute(tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "a.pdf").write_bytes(b"x")
    monkeypatch.chdir(tmp_path)
    found = discover([Path("a.pdf"), tmp_path / "a.pdf"])
    assert [f.source for f in found] == [str(tmp_path / "a.pdf")]


def test_a_pdf_may_have_a_sidecar_and_nothing_else_has(tmp_path: Path) -> None:
    for name in ("a.pdf", "b.PDF", "note.txt", "a.json", "v1.2.pdf"):
        (tmp_path / name).write_bytes(b"x")
    found = discover([tmp_path, tmp_path / "note.txt", tmp_path / "none.pdf"])
    assert {f.path.name: f.sidecar and f.sidecar.name for f in found} == {
        "a.pdf": "a.json",
        "b.PDF": "b.json",
        "v1.2.pdf": "v1.2.json",
        "note.txt": None,
        "none.pdf": None,
    }
    (alone,) = discover([tmp_path / "a.pdf"])
    assert alone.sidecar == tmp_path / "a.json"


def test_the_hash_is_sha256(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert hash_file(tmp_path / "a") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
