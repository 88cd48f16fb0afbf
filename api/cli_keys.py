"""The commands `report-rag keys ...`: API keys made, listed, revoked."""

from __future__ import annotations

from typing import Annotated

import typer

from api.access import Scope, make_key
from api.cli_parts import DataDir, Json, open_service, out, print_json
from rag.catalog import ApiKey

app = typer.Typer(no_args_is_help=True, help="API keys of `report-rag serve`.")


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    scope: Annotated[Scope, typer.Option(help="read; write: upload, correct, delete too; admin: audit, metrics too.")],
    publisher: Annotated[
        list[str] | None, typer.Option(help="Only reports of this publisher; any known name of it. Repeatable.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Make a key and print it. It is shown this once: only its hash is kept."""
    with open_service(data_dir) as service:
        known = service.catalog.publishers()
        publishers = [service.publishers.canonical(one, known) for one in publisher or ()]
        key, token = make_key(name, scope, publishers)
        service.catalog.ledger.add_key(key)
        service.catalog.ledger.record("command line", "create key", f"{key.id} {key.name}", 0, "")
    out.print(token)


@app.command(name="list")
def list_keys(data_dir: DataDir = None, as_json: Json = False) -> None:
    """The keys there are, without their secrets."""
    with open_service(data_dir) as service:
        keys = service.catalog.ledger.all_keys()
    if as_json:
        print_json([_as_json(key) for key in keys])
        return
    for key in keys:
        state = "revoked" if key.revoked else "in use"
        limits = f"  only {', '.join(key.publishers)}" if key.publishers else ""
        out.print(f"{key.id}  {key.created:%Y-%m-%d}  {state:<7}  {', '.join(key.scopes):<5}  {key.name}{limits}")
    if not keys:
        out.print("no keys: report-rag keys create NAME --scope read makes one")


@app.command()
def revoke(
    key_id: Annotated[str, typer.Argument(metavar="KEY", help="The id, as `keys list` shows it.")],
    data_dir: DataDir = None,
) -> None:
    """End a key at once."""
    with open_service(data_dir) as service:
        key = service.catalog.ledger.revoke_key(key_id)
        service.catalog.ledger.record("command line", "revoke key", f"{key.id} {key.name}", 0, "")
    out.print(f"{key.name} ({key.id}) is revoked")


def _as_json(key: ApiKey) -> dict[str, object]:
    return {
        "id": key.id,
        "name": key.name,
        "scopes": list(key.scopes),
        "publishers": list(key.publishers),
        "created": key.created.isoformat(),
        "revoked": key.revoked.isoformat() if key.revoked else None,
    }
