"""A client that a generator made from the description alone works with a deal from end to end."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from django_tenants.utils import schema_context, tenant_context

from apps.counterparties.models import Counterparty
from apps.deals.models import Deal
from tests.apps.api.described import SLUG, Described, application

NAME = "kopru_client"


@pytest.fixture(scope="session")
def made(api: Described, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The client's package, on the path of imports."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "openapi.json").write_text(json.dumps(api.document))
    (folder / "config.yaml").write_text(
        "post_hooks: []\n"
        "content_type_overrides: {application/pdf: application/octet-stream}\n"
    )
    answer = subprocess.run(
        [
            Path(sys.executable).with_name("openapi-python-client"), "generate", "--meta", "none",
            "--path", folder / "openapi.json", "--output-path", folder / NAME,
            "--config", folder / "config.yaml", "--fail-on-warning",
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 0, answer.stdout + answer.stderr
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))
    for name in [each for each in sys.modules if each.split(".")[0] == NAME]:
        del sys.modules[name]


@pytest.fixture
def client(db: None, api: Described, made: Path) -> Iterator[Any]:
    """The client, connected to the program itself."""
    transport = httpx.WSGITransport(app=application(SLUG))
    with schema_context("public"):
        yield _part("client").AuthenticatedClient(
            base_url=f"http://{SLUG}.localhost/api/v1", token=api.secret,
            raise_on_unexpected_status=True, httpx_args={"transport": transport},
        )  # fmt: skip


def _part(path: str) -> Any:
    return importlib.import_module(f"{NAME}.{path}")


def _ask(name: str, **values: Any) -> Any:
    """Call one operation of the client: ``create_deals``."""
    return _part(f"api.deals.{name}").sync_detailed(**values)


def test_a_deal_is_made_read_changed_repeated_listed_and_thrown_away(
    client: Any, api: Described
) -> None:
    """G069: by the generated client alone, nothing of it written by hand."""
    models = _part("models")
    with tenant_context(api.company):
        customer = Counterparty.objects.order_by("pk").values_list("pk", flat=True)[0]
    wanted = models.DealsNew(name="Nails for spring", counterparty=customer, amount="1250.50")

    deal = _ask("create_deals", client=client, body=wanted, idempotency_key="spring-1")
    again = _ask("create_deals", client=client, body=wanted, idempotency_key="spring-1")
    key = deal.parsed.id
    read = _ask("read_deals", client=client, id=key)
    changed = _ask(
        "change_deals", client=client, id=key, if_match=read.headers["ETag"],
        body=models.DealsChange(name="Nails for summer"),
    )  # fmt: skip
    late = _ask(
        "change_deals", client=client, id=key, if_match=read.headers["ETag"],
        body=models.DealsChange(name="Nails for autumn"),
    )  # fmt: skip
    found = _all_by_cursor(client)
    gone = _ask("archive_deals", client=client, id=key, if_match=changed.headers["ETag"])

    assert (deal.status_code, again.status_code) == (201, 201)
    assert again.parsed.id == key
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (read.parsed.name, read.parsed.amount) == ("Nails for spring", "1250.50")
    assert (changed.status_code, changed.parsed.name) == (200, "Nails for summer")
    assert (late.status_code, late.parsed.status) == (412, 412)
    assert found.count(key) == 1
    assert gone.status_code == 204
    with tenant_context(api.company):
        assert len(found) == len(set(found)) == Deal.objects.count()
        kept = Deal.objects.get(pk=key)
    assert (kept.name, kept.is_archived) == ("Nails for summer", True)


def _all_by_cursor(client: Any) -> list[UUID]:
    """Return the keys of all deals, page after page."""
    keys: list[UUID] = []
    cursor = None
    while True:
        more = {"cursor": cursor} if cursor else {}
        page = _ask("list_deals", client=client, limit=7, **more).parsed
        keys += [each.id for each in page.data]
        cursor = page.next_
        if not cursor:
            return keys


def test_a_refusal_comes_as_the_description_has_it(client: Any, api: Described) -> None:
    models = _part("models")
    nobody = UUID("01a20000-0000-7000-8000-000000000000")

    refused = _ask(
        "create_deals", client=client, body=models.DealsNew(name="", counterparty=nobody)
    )

    assert refused.status_code == 422
    assert "counterparty" in refused.parsed.errors.additional_properties
