"""No answer of the program depends on what the details of a VIP customer are.

Whoever may not see them asks every door twice: once as the details are, once with others in their
place. Answers that differ tell something, whatever was asked for: a filter, an order, a group, a
search, a warning. Addresses, kinds, fields and operators are read from the program itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from importlib import import_module
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.accounts.models import Role, User
from apps.accounts.rights import unseen
from apps.api.filters import OPERATORS
from apps.core import objects
from apps.core.lists import conditions
from apps.core.objects import Field, ObjectKind
from apps.counterparties.contacts import searched
from apps.counterparties.models import ContactPerson, ContactPoint, Counterparty
from apps.deals import documents
from apps.deals.models import Deal, DealParticipant, Quotation
from apps.onboarding.services import load_demo
from apps.sales.models import Invoice
from tenants.models import Company
from tenants.services import create_company, drop_company
from tests.tenants.routes import routes
from tests.tenants.walking import Session, begin_session, browser_with

SECRET = {
    "phone": "+7 911 222 33 44", "email": "zebulon@secret.example", "address": "Zebulon lane 7",
    "legal_address": "Zebulon lane 7", "preferences": "Zebulon marzipan",
    "born_on": date(1971, 7, 17),
}  # fmt: skip
OTHER = {
    "phone": "+7 988 777 66 55", "email": "other@else.example", "address": "Elsewhere 1",
    "legal_address": "Elsewhere 1", "preferences": "Tea", "born_on": date(1985, 2, 3),
}  # fmt: skip


class Printed:
    """In place of what sets papers: the values it was given, as they are."""

    def __init__(self, form: str) -> None:
        self.form = form

    def compile(self, *, sys_inputs: dict[str, str], **_options: Any) -> bytes:
        return sys_inputs["data"].encode()


NOTHING = {name: None if name == "born_on" else "" for name in SECRET}
POINT = "+7 912 345 67 89"
# Pages that differ from one look to the next: tokens, and moments in words.
_CHANGING = re.compile(
    r'(csrfmiddlewaretoken" value="[^"]*|X-CSRFToken[^,}]*|nonce="[^"]*|csrf-token" content="[^"]*'
    r'|name="order" value="[^"]*'  # the till's: a new order for each look
    r'|data-position="[^"]*)'  # of the journal, which other tests write, too
)
# Ends the sign-in of the walk; shows a new secret, or made-up rows, with each look.
NOT_ASKED = {"account_logout", "mfa_activate_totp", "styleguide"}


class Walk(NamedTuple):
    """The company, who may not see details, and the VIP customer with all that belongs to it."""

    company: Company
    mine: User
    vip: Counterparty
    person: ContactPerson
    deal: Deal
    session: Session


def kinds() -> list[ObjectKind]:
    """Return the kinds with fields that are closed of VIP customers."""
    return [each for each in objects.registered() if any(f.is_sensitive for f in each.fields)]


@pytest.fixture(scope="module")
def walk(django_db_setup: None, django_db_blocker: Any) -> Iterator[Walk]:
    """The demonstration with a VIP customer of somebody else's."""
    with django_db_blocker.unblock():
        connection.set_schema_to_public()
        company = create_company(slug="vipwalk", name="Walk Trading")
        with tenant_context(company):
            mate = User.objects.create_user(
                email="mate@vipwalk.example", role=Role.MANAGER, full_name="Mate"
            )
            mine = User.objects.create_user(
                email="mine@vipwalk.example", role=Role.MANAGER, full_name="Mine"
            )
            load_demo(language="en", currency="USD", now=timezone.now())
            vip = Counterparty.objects.create(
                name="Quartz", sort_name="quartz", responsible=mate, is_vip=True,
                further_contacts=searched([]),
            )  # fmt: skip
            person = ContactPerson.objects.create(counterparty=vip, full_name="Quentin Quill")
            ContactPoint.objects.create(
                counterparty=vip, kind="phone", value=POINT, normalized=_digits(POINT)
            )
            deal = Deal.objects.order_by("pk").first()
            assert deal is not None
            Deal.objects.filter(pk=deal.pk).update(counterparty=vip)
            DealParticipant.objects.create(deal=deal, person=person)
            made = Walk(company, mine, vip, person, deal, begin_session(company, mine))
            put(made, SECRET)
        yield made
        connection.set_schema_to_public()
        drop_company(company=company)


def _digits(text: str) -> str:
    return "+" + "".join(letter for letter in text if letter.isdigit())


def put(walk: Walk, values: dict[str, Any]) -> None:
    """Give the VIP customer and its contact person other details."""
    point = POINT if values is SECRET else "+7 900 000 00 01"
    with tenant_context(walk.company):
        for row in (walk.vip, walk.person):
            names = {each.name for each in row._meta.concrete_fields}
            told = {name: value for name, value in values.items() if name in names}
            type(row).objects.filter(pk=row.pk).update(
                **told, further_contacts=_digits(point)[1:] if values is not NOTHING else ""
            )
        ContactPoint.objects.filter(counterparty=walk.vip).update(
            value=point, normalized=_digits(point)
        )


@pytest.fixture
def browser(db: None, walk: Walk) -> Client:
    """The browser of who may not see the details."""
    return browser_with(walk.session, walk.company)


def told(answer: Any) -> tuple[int, str]:
    """Return what an answer says, without what differs each time."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, _CHANGING.sub("", str(content, "utf-8", "replace"))


def tells_nothing(
    walk: Walk, ask: Callable[[str], Any], addresses: list[str], *,
    instead: tuple[dict[str, Any], ...] = (OTHER, NOTHING),
) -> None:  # fmt: skip
    """Check that answers are the same whatever the details are, and hold none of them."""
    with_secret = {address: told(ask(address)) for address in addresses}
    for values in instead:
        put(walk, values)
        differing = [each for each in addresses if told(ask(each)) != with_secret[each]]
        for address in differing:  # or did a minute pass, another test empty the cache meanwhile
            put(walk, SECRET)
            before = told(ask(address))
            put(walk, values)
            assert told(ask(address)) == before, address
    for address, (status, text) in with_secret.items():
        assert status < 500, address
        repeated = text.replace(address, "")
        assert "marzipan" not in repeated or "marzipan" in address, address
        assert "secret.example" not in repeated or "secret" in address, address


def asked_for() -> list[str]:
    """Return what one may guess: whole values, parts, other spellings."""
    return ["9112223344", "222 33 44", "zebulon@secret", "secret.example", "Zebulon lane",
            "marzipan", "3456789", "quartz 91122"]  # fmt: skip


def values_of(field: Field, operator: str) -> list[str]:
    """Return the values with which an operator of the filter builder would hit."""
    takes = conditions.OPERATORS[operator].takes
    if takes == "none":
        return []
    if field.type == "date":
        if takes == "period":
            return ["this_year"]
        if takes == "days":
            return ["30000"]
        return ["1971-07-17"] if takes == "one" else ["1971-01-01", "1972-01-01"]
    value = str(SECRET[field.key])
    return [value] if takes != "two" else [value, value]


def test_something_is_closed(walk: Walk, db: None) -> None:
    with tenant_context(walk.company):
        closed = {kind.key: unseen(walk.mine, kind.model).closed for kind in kinds()}

    assert {"phone", "email"} <= closed["counterparties"]
    assert {"phone", "email", "born_on"} <= closed["contacts"]


@pytest.mark.parametrize(
    "path",
    [
        route.path for route in routes()
        if not route.takes_id and route.name not in NOT_ASKED and "1c" not in route.path
        and not route.path.startswith("/sync/")
    ],
)  # fmt: skip
def test_no_search_finds_a_vip_by_its_details(walk: Walk, browser: Client, path: str) -> None:
    """F131: every page of the program, asked for each detail."""
    names = ("q", "phone", "email", "code", "query")
    queries = [dict.fromkeys(names, word) for word in (SECRET["phone"], SECRET["email"], POINT)]
    queries += [{"q": asked_for()[0], "part": part} for part in ("count", "csv")]

    tells_nothing(
        walk, browser.get, [f"{path}?{urlencode(query)}" for query in queries], instead=(OTHER,)
    )


def _conditions() -> list[tuple[str, str]]:
    """Return every list of a kind with every condition on a closed field, one or two steps away."""
    found = []
    for kind in objects.registered():
        if not kind.list_url_name:
            continue
        behind = [
            (f"{each.key}.", objects.kind(each.related).fields)
            for each in kind.fields if each.type == "relation" and each.related
        ]  # fmt: skip
        for prefix, fields in [("", kind.fields), *behind]:
            for field in fields:
                if field.is_sensitive:
                    found += [
                        (kind.key, json.dumps([f"{prefix}{field.key}", operator,
                                               *values_of(field, operator)]))
                        for operator in conditions.OF_TYPE[field.type]
                    ]  # fmt: skip
    return found


@pytest.mark.parametrize("kind", sorted({kind for kind, _condition in _conditions()}))
def test_no_condition_tells_of_a_vip_s_details(walk: Walk, browser: Client, kind: str) -> None:
    """F131: filters, alone and in «or», in the list, its count and its sums."""
    page = reverse(objects.kind(kind).list_url_name, urlconf="config.urls_company")
    asked = [condition for key, condition in _conditions() if key == kind]
    asked += ['["or",' + f'{each},["updated_at","older","30000"]]' for each in asked[:6]]

    tells_nothing(
        walk, browser.get,
        [f"{page}?{urlencode({'f': each, 'part': part})}" for each in asked
         for part in ("body", "count")],
    )  # fmt: skip


@pytest.mark.parametrize("kind", [kind.key for kind in kinds()])
def test_no_order_and_no_group_tells_of_a_vip_s_details(
    walk: Walk, browser: Client, kind: str
) -> None:
    """F131: rows in their order, groups and their counts."""
    of = objects.kind(kind)
    page = reverse(of.list_url_name, urlconf="config.urls_company")
    closed = [field.key for field in of.fields if field.is_sensitive]
    asked = [{"sort": sort} for key in closed for sort in (key, f"-{key}")]
    asked += [{"group": key, "part": "body"} for key in closed]

    tells_nothing(walk, browser.get, [f"{page}?{urlencode(each)}" for each in asked])


@pytest.mark.parametrize("kind", [kind.key for kind in kinds()])
def test_the_api_tells_nothing_of_a_vip_s_details(walk: Walk, browser: Client, kind: str) -> None:
    """F131: filters by each operator, orders, searches, single rows and counts."""
    asked: list[dict[str, str]] = [{"q": word} for word in asked_for()]
    for field in objects.kind(kind).fields:
        if not field.is_sensitive:
            continue
        asked += [{"sort": field.key}, {"sort": f"-{field.key}"}]
        for operator in OPERATORS[field.type]:
            value = "true" if operator == "empty" else str(SECRET[field.key])
            asked.append({f"{field.key}__{operator}" if operator else field.key: value})
    pages = [f"/api/v1/{kind}?{urlencode({**each, 'count': 'yes'})}" for each in asked]
    row = walk.vip if kind == "counterparties" else walk.person

    tells_nothing(walk, browser.get, [*pages, f"/api/v1/{kind}/{row.pk}"])


@pytest.mark.parametrize(
    "path", [route.path for route in routes() if route.takes_id and "history" not in route.path]
)
def test_no_card_tells_of_a_vip_s_details(walk: Walk, browser: Client, path: str) -> None:
    """F131: the cards of the customer, its contact person and its deal, and all below them."""
    rows = (walk.vip, walk.person, walk.deal)

    tells_nothing(
        walk, browser.get, [path.replace("{id}", str(row.pk)) for row in rows], instead=(OTHER,)
    )


@pytest.mark.parametrize("paper", ["invoices", "quotations"])
def test_no_paper_tells_of_a_vip_s_details(
    walk: Walk, browser: Client, monkeypatch: pytest.MonkeyPatch, paper: str
) -> None:
    """F131: the PDF leaves out what the screens do; the printed values stand in for the print."""
    monkeypatch.setattr(import_module("apps.sales.documents.invoice_pdf"), "compiler", Printed)
    monkeypatch.setattr(documents, "compiler", Printed)
    with tenant_context(walk.company):
        Invoice.objects.update(counterparty=walk.vip)
        rows = Invoice.objects.all() if paper == "invoices" else Quotation.objects.filter(
            deal__counterparty=walk.vip
        )
        keys = [str(key) for key in rows.order_by("pk").values_list("pk", flat=True)[:2]]
    place = "/invoices/" if paper == "invoices" else "/deals/quotations/"
    addresses = [f"{place}{key}/pdf/?language={code}" for key in keys for code in ("en", "ru")]

    assert addresses
    assert browser.get(addresses[0]).status_code == 200
    tells_nothing(walk, browser.get, addresses)
    assert "Zebulon" not in told(browser.get(addresses[0]))[1]


def test_who_is_responsible_prints_the_details(
    walk: Walk, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("apps.sales.documents.invoice_pdf"), "compiler", Printed)
    with tenant_context(walk.company):
        invoice = Invoice.objects.order_by("pk").first()
        assert invoice is not None
        Invoice.objects.filter(pk=invoice.pk).update(counterparty=walk.vip)
        put(walk, SECRET)
        mate = User.objects.get(email="mate@vipwalk.example")
        browser.force_login(
            mate, backend="allauth.account.auth_backends.AuthenticationBackend"
        )

    assert "Zebulon lane 7" in told(browser.get(f"/invoices/{invoice.pk}/pdf/"))[1]


def test_an_import_recognises_no_vip_by_its_details(walk: Walk, db: None) -> None:
    """F131: «is there already» would tell what its phone is."""
    from apps.imports.services.understanding import rows_named

    kind = objects.kind("counterparties")
    names = [str(SECRET["email"]), str(SECRET["phone"]), "Quartz"]

    with tenant_context(walk.company):
        found = rows_named(kind, names, walk.mine)

    assert found == {"Quartz": walk.vip.pk}


def test_a_vip_is_not_merged_into_the_open(walk: Walk, browser: Client) -> None:
    """F131: the other row would show its details afterwards."""
    with tenant_context(walk.company):
        other = Counterparty.objects.create(name="Mine", sort_name="mine", responsible=walk.mine)

    page = f"/duplicates/compare/?kind=counterparties&key={walk.vip.pk}&key={other.pk}"
    answer = browser.get(page)

    assert answer.status_code == 404


def test_who_is_responsible_finds_and_sees_the_details(walk: Walk, db: None) -> None:
    """F131: they are closed to others only, those of its contact persons too."""
    client = Client(headers={"host": "vipwalk.localhost"})
    with tenant_context(walk.company):
        mate = User.objects.get(email="mate@vipwalk.example")
        client.force_login(mate, backend="allauth.account.auth_backends.AuthenticationBackend")

    listed = client.get("/api/v1/contacts?q=2223344").json()["data"]
    filtered = client.get("/api/v1/counterparties?phone__contains=222&q=quartz").json()["data"]

    assert [each["phone"] for each in listed] == [SECRET["phone"]]
    assert [each["name"] for each in filtered] == ["Quartz"]
