"""The REST API: what a program may, once for each key, nothing overwritten, nobody else's rows."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.accounts.models import User
from apps.activities.models import Comment
from apps.api import tokens
from apps.api.models import ApiToken
from apps.catalog.models import Product, Unit
from apps.core import objects
from apps.core.models import Organization
from apps.counterparties.models import Counterparty, ImportantDate
from apps.custom import services as custom
from apps.custom.services import FieldValues
from apps.duplicates.services import merge
from apps.sales.models import Invoice
from exchange.models import Node
from tenants.models import Company
from tests.apps.custom.asking import ask as asked_as

Ask = Callable[..., Any]
ALL = ["*:read", "*:write"]


@pytest.fixture
def ask(company: Company, manager: User, visitor: Client) -> Ask:
    """A program with the manager's key."""
    cache.clear()
    _token, secret = tokens.make_token(user=manager, name="Shop", scopes=ALL)
    return _asker(visitor, secret)


def by_key(user: User, path: str, method: str = "POST", **body: Any) -> Any:
    """Return what a program with a person's key is answered."""
    return asked_as(user, path, method=method, body=json.dumps(body))


def _asker(visitor: Client, secret: str) -> Ask:
    def asked(method: str, path: str, body: Any = None, **headers: str) -> Any:
        given: dict[str, Any] = {}
        if body is not None:
            text = body if isinstance(body, str) else json.dumps(body)
            given = {"data": text, "content_type": "application/json"}
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return visitor.generic(
            method, f"/api/v1/{path}", given.get("data", ""),
            content_type=given.get("content_type", "application/octet-stream"),
            headers={"Authorization": f"Bearer {secret}", **names},
        )  # fmt: skip

    return asked


def test_a_row_is_made_read_changed_and_archived(ask: Ask) -> None:
    """G069: everything a screen can do, by a key."""
    made = ask("POST", "counterparties", {"name": "Azimuth", "phone": "+90 232 555 01 02"})
    key = made.json()["id"]
    changed = ask("PATCH", f"counterparties/{key}", {"phone": "+90 232 555 01 03"})
    gone = ask("DELETE", f"counterparties/{key}")

    assert (made.status_code, changed.status_code, gone.status_code) == (201, 200, 204)
    assert made["Location"].endswith(f"/api/v1/counterparties/{key}")
    partner = Counterparty.objects.get(pk=key)
    assert (partner.name, partner.is_archived) == ("Azimuth", True)
    assert partner.phone == "+90 232 555 01 03"


def test_the_same_idempotency_key_makes_one_row(ask: Ask) -> None:
    first = ask("POST", "counterparties", {"name": "Azimuth"}, Idempotency_Key="1")
    again = ask("POST", "counterparties", {"name": "Azimuth"}, Idempotency_Key="1")
    other = ask("POST", "counterparties", {"name": "Vector"}, Idempotency_Key="1")

    assert again.json() == first.json()
    assert again["Idempotent-Replayed"] == "true"
    assert other.status_code == 409
    assert Counterparty.objects.get().name == "Azimuth"


def test_the_same_idempotency_key_does_a_thing_once(ask: Ask) -> None:
    """G069: parts and actions as well, however often the line breaks."""
    body = {"name": "Azimuth", "dates": [{"on": "2020-05-01"}]}
    made = [ask("POST", "counterparties", body, Idempotency_Key="1").json() for _time in range(2)]
    note = ask("POST", "activities", {"kind": "note", "subject": "Nails"}).json()["id"]
    for _time in range(2):
        ask("POST", f"activities/{note}/comment", {"text": "Boards, too"}, Idempotency_Key="2")

    assert made[0] == made[1]
    assert ImportantDate.objects.count() == 1
    assert Comment.objects.count() == 1


def test_a_refused_request_may_be_sent_again_corrected(ask: Ask) -> None:
    refused = ask("POST", "counterparties", {"name": " "}, Idempotency_Key="1")
    again = ask("POST", "counterparties", {"name": " "}, Idempotency_Key="1")

    assert (refused.status_code, again.status_code) == (422, 422)
    assert not Counterparty.objects.exists()


def test_nobody_overwrites_what_they_have_not_seen(ask: Ask) -> None:
    """F269: If-Match with the tag of what was read."""
    made = ask("POST", "counterparties", {"name": "Azimuth"})
    key, tag = made.json()["id"], made["ETag"]
    ask("PATCH", f"counterparties/{key}", {"comment": "first"})

    late = ask("PATCH", f"counterparties/{key}", {"comment": "second"}, If_Match=tag)

    assert late.status_code == 412
    assert Counterparty.objects.get(pk=key).comment == "first"
    fresh = ask("GET", f"counterparties/{key}")
    assert ask("PATCH", f"counterparties/{key}", {"comment": "second"}, If_Match=fresh["ETag"])
    assert Counterparty.objects.get(pk=key).comment == "second"


def test_what_one_has_is_not_sent_again(ask: Ask) -> None:
    made = ask("POST", "counterparties", {"name": "Azimuth"})

    same = ask("GET", f"counterparties/{made.json()['id']}", If_None_Match=made["ETag"])

    assert (same.status_code, same.content) == (304, b"")


def test_an_activity_of_no_importance_is_a_usual_one(ask: Ask) -> None:
    answer = ask("POST", "activities", {"kind": "task", "subject": "Call", "importance": None})

    assert (answer.status_code, answer.json()["importance"]) == (201, "normal")


def test_pages_go_on_by_cursor(ask: Ask) -> None:
    for number in range(5):
        Counterparty.objects.create(name=f"Firm {number}", sort_name=f"firm {number}")

    first = ask("GET", "counterparties?limit=2&sort=-name&count=yes").json()
    second = ask("GET", f"counterparties?limit=2&sort=-name&cursor={first['next']}").json()

    assert [each["name"] for each in first["data"]] == ["Firm 4", "Firm 3"]
    assert [each["name"] for each in second["data"]] == ["Firm 2", "Firm 1"]
    assert first["count"] == 5


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=azi", ["Azimuth"]), ("tax_number=7707083893", ["Azimuth"]),
        ("tax_number__empty=true", ["V"]),
        ("name__contains=zim", ["Azimuth"]), ("kind=person", ["V"]),
        ("kind__ne=person", ["Azimuth"]),
        ("created_at__gte=2026-01-01&kind=person", ["V"]), ("created_at__lt=2026-01-01", []),
        ("x_discount__gte=5", ["Azimuth"]), ("x_discount__empty=true", ["V"]),
        ("tax_number__in=7707083893,7702", ["Azimuth"]), ("fields=name&q=v", ["V"]),
    ],
)  # fmt: skip
def test_lists_are_filtered(ask: Ask, query: str, found: list[str]) -> None:
    custom.add_field(kind="counterparties", values=FieldValues("Discount", type="number"))
    azimuth = {"name": "Azimuth", "tax_number": "7707083893", "x_discount": "7.5"}
    ask("POST", "counterparties", azimuth)
    ask("POST", "counterparties", {"name": "V", "kind": "person"})

    answer = ask("GET", f"counterparties?{query}")

    assert [each["name"] for each in answer.json()["data"]] == found


@pytest.mark.parametrize(
    "query",
    [
        "colour=red", "name__over=1", "limit=0", "limit=9999", "limit=x", "sort=comment",
        "cursor=abc", "created_at__gte=soon", "responsible=me", "fields=secret", "name=a&name=b",
        "limit=%C2%B2", "x_gone=1", "created_at__gte=0001-01-01T00:00:00%2B14:00",
    ],
)  # fmt: skip
def test_what_is_not_understood_is_said(ask: Ask, query: str) -> None:
    answer = ask("GET", f"counterparties?{query}")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert b"Traceback" not in answer.content


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400), ("[]", 400), ('{"name": NaN}', 400), ("[" * 5000, 400),
        ({"name": 7}, 422), ({"name": "A", "colour": 1}, 422), ({}, 422), ({"name": None}, 422),
        ({"name": "A", "email": "nobody"}, 422), ({"name": "A" * 251}, 422),
        ({"name": "A", "kind": "planet"}, 422), ({"name": "A\0"}, 422),
        ({"name": "A", "responsible": "01a20000-0000-7000-8000-000000000000"}, 422),
        ({"name": "A", "created_at": "2026-01-01T00:00:00Z"}, 422),
    ],
)  # fmt: skip
def test_a_wrong_body_changes_nothing(ask: Ask, body: Any, status: int) -> None:
    answer = ask("POST", "counterparties", body)

    assert answer.status_code == status
    assert not Counterparty.objects.exists()


def test_an_invoice_is_made_and_issued(ask: Ask, company: Company) -> None:
    Organization.objects.create(name="Us", is_default=True)
    customer = ask("POST", "counterparties", {"name": "Azimuth"}).json()["id"]

    draft = ask(
        "POST", "invoices",
        {
            "counterparty": customer, "currency": "TRY",
            "lines": [{"name": "Nail 50 mm", "quantity": "3", "price": 12.4}],
        },
    )  # fmt: skip
    issued = ask("POST", f"invoices/{draft.json()['id']}/issue", Idempotency_Key="1")
    again = ask("POST", f"invoices/{draft.json()['id']}/issue", Idempotency_Key="1")
    twice = ask("POST", f"invoices/{draft.json()['id']}/issue")

    assert draft.json()["total"] == "37.20"
    assert (issued.json()["status"], bool(issued.json()["number"])) == ("issued", True)
    assert again.json() == issued.json()
    assert twice.status_code == 422
    assert Invoice.objects.get().number == issued.json()["number"]


def test_what_1c_owns_is_read_only(ask: Ask, owner: User) -> None:
    """F005: the API refuses the write."""
    node = Node.objects.create(name="1C", login="1c")
    nail = Product.objects.create(name="Nail", sort_name="nail", node_id=node.pk, ref="1")

    changed = by_key(owner, f"products/{nail.pk}", "PATCH", name="Screw")
    archived = by_key(owner, f"products/{nail.pk}/archive")

    assert (changed.status_code, archived.status_code) == (422, 422)
    assert "1C" in changed.json()["errors"]["name"][0]
    assert ask("POST", "price_types", {"name": "Retail"}).status_code == 405
    assert ask("POST", "stock", {}).status_code == 405
    assert ask("POST", "products", {"name": "Nail"}).status_code == 403
    nail.refresh_from_db()
    assert (nail.name, nail.is_archived) == ("Nail", False)


def test_a_product_of_one_s_own_is_made_and_changed(company: Company, owner: User) -> None:
    """G069: where 1C does not own it, as its form does."""
    Unit.objects.create(name="pc")
    made = by_key(owner, "products", name="Delivery", is_service=True, unit="pc")
    key = made.json()["id"]
    changed = by_key(owner, f"products/{key}", "PATCH", tax_rate="20")
    wrong = by_key(owner, f"products/{key}", "PATCH", tax_rate="200", unit="mile")
    archived = by_key(owner, f"products/{key}/archive")
    back = by_key(owner, f"products/{key}/bring-back")

    assert (made.status_code, made.json()["unit"]) == (201, "pc")
    assert (changed.json()["tax_rate"], changed.json()["name"]) == ("20.00", "Delivery")
    assert wrong.status_code == 422
    assert (archived.json()["is_archived"], back.json()["is_archived"]) == (True, False)


def test_a_key_goes_no_further_than_its_scopes(
    company: Company, manager: User, visitor: Client
) -> None:
    cache.clear()
    _token, secret = tokens.make_token(user=manager, name="R", scopes=["counterparties:read"])
    ask = _asker(visitor, secret)

    assert ask("GET", "counterparties").status_code == 200
    assert ask("POST", "counterparties", {"name": "A"}).status_code == 403
    assert ask("GET", "invoices").status_code == 403
    assert [each["key"] for each in ask("GET", "").json()["kinds"]] == ["counterparties"]


def test_a_key_goes_no_further_than_its_person(
    company: Company, accountant: User, visitor: Client
) -> None:
    cache.clear()
    _token, secret = tokens.make_token(user=accountant, name="A", scopes=ALL)

    answer = _asker(visitor, secret)("POST", "counterparties", {"name": "A"})

    assert answer.status_code == 403
    assert not Counterparty.objects.exists()


def test_bad_keys_are_refused(company: Company, manager: User, visitor: Client) -> None:
    now = timezone.now()
    withdrawn, first = tokens.make_token(user=manager, name="A", scopes=ALL)
    _old, second = tokens.make_token(
        user=manager, name="B", scopes=ALL, expires_at=now - timedelta(seconds=1)
    )
    tokens.revoke(token_id=withdrawn.pk, by=manager, now=now)

    for secret in (first, second, "kopru_guess", "x", ""):
        assert _asker(visitor, secret)("GET", "counterparties").status_code == 401


def test_a_key_of_another_company_is_no_key_here(
    company: Company, rival: Company, rival_owner: User, visitor: Client
) -> None:
    with tenant_context(rival):
        _token, secret = tokens.make_token(user=rival_owner, name="Theirs", scopes=ALL)

    assert _asker(visitor, secret)("GET", "counterparties").status_code == 401


def test_too_many_requests_are_told_when_to_come_back(ask: Ask, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    ask("GET", "counterparties")
    last = ask("GET", "counterparties")

    refused = ask("GET", "counterparties")

    assert last["RateLimit-Remaining"] == "0"
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 60


def test_another_site_s_page_cannot_use_the_session(
    company: Company, manager: User, manager_client: Client
) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"host": "acme.localhost"})
    strict.cookies = manager_client.cookies

    answer = strict.post(
        "/api/v1/counterparties", json.dumps({"name": "A"}), content_type="application/json"
    )

    assert answer.status_code == 403
    assert not Counterparty.objects.exists()


def test_the_description_holds_own_fields_and_hides_what_one_may_not_see(ask: Ask) -> None:
    custom.add_field(kind="counterparties", values=FieldValues("Colour"))

    said = ask("GET", "openapi.json").json()

    assert "x_colour" in said["components"]["schemas"]["counterparties_new"]["properties"]
    assert "/invoices/{id}/issue" in said["paths"]
    assert "/people" not in said["paths"]  # a manager sees no settings of people


def test_a_key_is_made_on_the_page_and_shown_once(manager_client: Client, company: Company) -> None:
    made = manager_client.post(
        "/api/keys/new/", {"name": "Shop", "scopes": ["counterparties:read"], "days": "30"}
    )
    token = ApiToken.objects.get()

    assert token.prefix in made.content.decode()
    assert "kopru_" in made.content.decode()
    later = manager_client.get("/api/").content.decode()
    assert later.count("kopru_…") == 2
    manager_client.post(f"/api/keys/{token.pk}/withdraw/")
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_a_colleague_s_key_is_not_shown_nor_withdrawn(
    company: Company, accountant: User, manager_client: Client
) -> None:
    token, _secret = tokens.make_token(user=accountant, name="Bank file", scopes=ALL)

    assert "Bank file" not in manager_client.get("/api/").content.decode()
    assert manager_client.post(f"/api/keys/{token.pk}/withdraw/").status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None


def test_a_list_costs_the_same_for_many_rows(
    ask: Ask, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        Counterparty.objects.create(name=f"Firm {number}", sort_name=f"firm {number}")

    with django_assert_max_num_queries(9):
        ask("GET", "counterparties?limit=30")


def test_what_is_empty_is_unlike_every_value(ask: Ask) -> None:
    custom.add_field(kind="counterparties", values=FieldValues(label="Region"))
    for name, values in (("Azimuth", {"x_region": "North"}), ("Vector", {})):
        Counterparty.objects.create(name=name, custom=values)

    def names(asked: str) -> list[str]:
        return [row["name"] for row in ask("GET", f"counterparties?{asked}").json()["data"]]

    assert names("x_region__ne=North") == ["Vector"]
    assert names("tags__empty=true") == ["Azimuth", "Vector"]


def test_a_number_of_more_digits_than_are_kept_is_asked_for(ask: Ask) -> None:
    """G069: it is unlike every number, and lies between others."""
    custom.add_field(kind="counterparties", values=FieldValues("Discount", type="number"))
    ask("POST", "counterparties", {"name": "Azimuth", "x_discount": "7.5"})

    found = {
        asked: len(ask("GET", f"counterparties?x_discount{asked}14.618135111861").json()["data"])
        for asked in ("=", "__ne=", "__lt=", "__gt=")
    }

    assert found == {"=": 0, "__ne=": 1, "__lt=": 1, "__gt=": 0}


def test_what_is_in_the_trash_is_not_listed_and_comes_back(ask: Ask) -> None:
    """G069: a list holds what is in use; the trash is asked for, and emptied by name."""
    key = ask("POST", "counterparties", {"name": "Azimuth"}).json()["id"]
    ask("POST", "counterparties", {"name": "Vector"})
    ask("DELETE", f"counterparties/{key}")

    def names(asked: str = "") -> list[str]:
        return [row["name"] for row in ask("GET", f"counterparties{asked}").json()["data"]]

    assert names() == ["Vector"]
    assert names("?trash=yes") == ["Azimuth", "Vector"]
    assert names("?trash=only") == ["Azimuth"]
    assert ask("GET", "counterparties?trash=maybe").status_code == 400
    assert ask("GET", f"counterparties/{key}").json()["is_archived"] is True
    back = ask("POST", f"counterparties/{key}/restore")
    assert (back.status_code, back.json()["is_archived"]) == (200, False)
    assert ask("POST", f"counterparties/{key}/restore").status_code == 200
    assert names() == ["Azimuth", "Vector"]


def test_a_merged_row_is_not_brought_back(ask: Ask, manager: User) -> None:
    kept, away = (Counterparty.objects.create(name=name) for name in ("Azimuth", "Azimut"))
    merge(kind=objects.kind("counterparties"), kept=kept.pk, away=[away.pk], values={}, by=manager)

    answer = ask("POST", f"counterparties/{away.pk}/restore")

    assert answer.status_code == 422
    assert Counterparty.objects.get(pk=away.pk).is_archived


def test_one_who_may_not_delete_brings_nothing_back(
    company: Company, accountant: User, visitor: Client
) -> None:
    cache.clear()
    row = Counterparty.objects.create(name="Azimuth", is_archived=True)
    _token, secret = tokens.make_token(user=accountant, name="Shop", scopes=ALL)

    answer = _asker(visitor, secret)("POST", f"counterparties/{row.pk}/restore")

    assert answer.status_code == 403
    assert Counterparty.objects.get().is_archived


def test_a_refusal_for_an_old_version_shows_the_row_as_it_stands(ask: Ask) -> None:
    """G069: the writer who was slower is told what stands there now."""
    made = ask("POST", "counterparties", {"name": "Azimuth"})
    key, seen = made.json()["id"], made["ETag"]
    changed = ask("PATCH", f"counterparties/{key}", {"name": "Azimuth 2"}, If_Match=seen)

    late = ask("PATCH", f"counterparties/{key}", {"name": "Azimuth 3"}, If_Match=seen)

    assert late.status_code == 412
    assert late["ETag"] == changed["ETag"]
    assert late.json()["current"]["name"] == "Azimuth 2"
