"""Forms on the company's own site: what is posted becomes one unsorted lead, and gives nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django_tenants.utils import tenant_context

from apps.accounts.models import User
from apps.counterparties.models import Counterparty, CounterpartyStatus
from apps.custom import services as custom
from apps.custom.services import FieldValues
from apps.notifications.models import Notification
from apps.webforms import services
from apps.webforms.models import WebForm
from apps.webforms.services import FormValues
from tenants.models import Company

ANNA = {"name": "Anna Arkhipova", "phone": "+7 911 222 33 44", "comment": "Needs 40 doors"}


@pytest.fixture(autouse=True)
def nothing_is_counted() -> None:
    cache.clear()


@pytest.fixture
def form(acme: Company, administrator: User, manager: User) -> WebForm:
    """A form that asks for name, phone and comment; its leads are the manager's."""
    with tenant_context(acme):
        return services.save_form(
            values=FormValues(
                name="Ask for an offer", fields=["phone", "comment"], required=["phone"],
                thanks="We call you back.", owner_id=manager.pk,
            ),
            by=administrator,
        )  # fmt: skip


def at(form: WebForm) -> str:
    return f"/forms/at/{form.key}/"


def leads(acme: Company) -> list[Counterparty]:
    with tenant_context(acme):
        return list(Counterparty.objects.order_by("created_at", "id"))


def test_what_is_posted_stands_in_unsorted(
    visitor: Client, form: WebForm, acme: Company, manager: User, manager_client: Client
) -> None:
    """F249: a post without a session or a token of ours makes a lead of its owner's."""
    strict = Client(enforce_csrf_checks=True, headers={"host": "acme.localhost"})

    answer = strict.post(at(form), ANNA, headers={"origin": "https://shop.example"})

    assert answer.status_code == 200
    assert "We call you back." in answer.content.decode()
    (lead,) = leads(acme)
    assert (lead.name, lead.phone, lead.comment) == tuple(ANNA.values())
    assert (lead.status, lead.source) == (CounterpartyStatus.UNSORTED, "Ask for an offer")
    assert lead.responsible_id == manager.pk
    assert "Anna Arkhipova" in manager_client.get("/counterparties/unsorted/").content.decode()


def test_the_same_post_again_makes_one_lead(
    visitor: Client, form: WebForm, acme: Company
) -> None:
    """F249: by the token of the page, and without one by the words of the day."""
    page = visitor.get(at(form)).content.decode()
    token = re.search(r'name="submission" value="(\w+)"', page)
    assert token is not None

    for given in (ANNA, ANNA, {**ANNA, "submission": token[1]}, {**ANNA, "submission": token[1]}):
        assert visitor.post(at(form), given).status_code == 200

    assert len(leads(acme)) == 2


def test_a_machine_is_thanked_and_kept_nowhere(
    visitor: Client, form: WebForm, acme: Company
) -> None:
    answer = visitor.post(at(form), {**ANNA, "homepage": "https://spam.example"})

    assert answer.status_code == 200
    assert leads(acme) == []


def test_one_address_posts_only_so_often(
    visitor: Client, form: WebForm, acme: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST_OF_ADDRESS", 2)

    answers = [
        visitor.post(at(form), {**ANNA, "name": f"Anna {number}"}).status_code
        for number in range(4)
    ]

    assert answers == [200, 200, 429, 429]
    assert len(leads(acme)) == 2


@pytest.mark.parametrize(
    "given",
    [{}, {"name": "Anna"}, {"name": "A" * 251, "phone": "1"}, {"name": "A", "phone": "1" * 60}],
    ids=["nothing", "no phone", "a long name", "a long phone"],
)
def test_a_wrong_post_keeps_nothing_and_says_why(
    visitor: Client, form: WebForm, acme: Company, given: dict[str, str]
) -> None:
    answer = visitor.post(at(form), given)

    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    assert leads(acme) == []


def test_only_what_the_form_asks_for_is_taken(
    visitor: Client, form: WebForm, acme: Company
) -> None:
    """F249: a stranger sets no other field, whatever is posted."""
    visitor.post(
        at(form), {**ANNA, "email": "a@b.example", "status": "customer", "is_vip": "yes",
                   "responsible": "x", "tax_number": "7701"},
    )  # fmt: skip

    (lead,) = leads(acme)
    assert (lead.email, lead.status, lead.is_vip, lead.tax_number) == ("", "unsorted", False, "")


def test_own_fields_are_asked_for(
    visitor: Client, acme: Company, administrator: User
) -> None:
    with tenant_context(acme):
        custom.add_field(
            kind="counterparties",
            values=FieldValues("Size", key="size", type="choice", choices=("Small", "Large")),
        )
        made = services.save_form(
            values=FormValues("Sizes", ["x_size"], [], "", None), by=administrator
        )

    wrong = visitor.post(at(made), {"name": "Anna", "x_size": "huge"})
    right = visitor.post(at(made), {"name": "Anna", "x_size": "large"})

    assert (wrong.status_code, right.status_code) == (422, 200)
    (lead,) = leads(acme)
    assert lead.custom == {"x_size": "large"}


def test_the_owner_is_told(
    visitor: Client, form: WebForm, acme: Company, manager: User,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    with tenant_context(acme):
        with django_capture_on_commit_callbacks(execute=True):
            visitor.post(at(form), ANNA)
        assert Notification.objects.filter(user=manager, kind="web_lead").count() == 1


def test_the_key_gives_nothing_but_the_form(visitor: Client, form: WebForm) -> None:
    """F249: no page, no API, no session."""
    answer = visitor.get(at(form))

    assert "kopru_session" not in answer.cookies
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer
    assert visitor.get("/counterparties/").status_code == 302
    for name in ("Authorization", "Cookie"):
        asked = visitor.get("/api/v1/counterparties", headers={name: f"Bearer {form.key}"})
        assert asked.status_code == 401


def test_another_company_s_key_gives_nothing(
    form: WebForm, rival: Company, acme: Company
) -> None:
    """F249: at another address the key is none."""
    there = Client(headers={"host": "rival.localhost"})

    assert there.get(at(form)).status_code == 404
    assert there.post(at(form), ANNA).status_code == 404
    assert leads(acme) == leads(rival) == []


def test_a_form_out_of_use_is_gone(
    visitor: Client, form: WebForm, acme: Company, administrator_client: Client
) -> None:
    page = f"/forms/{form.pk}/"
    administrator_client.post(page, {"name": "Ask for an offer", "ask": ["phone"]})

    assert visitor.get(at(form)).status_code == 404


def test_a_form_is_made_in_settings_with_its_snippets(
    administrator_client: Client, manager: User, acme: Company
) -> None:
    """F249: fields, thanks and owner; a frame and plain HTML to copy."""
    answer = administrator_client.post(
        "/forms/new/",
        {"name": "Doors", "ask": ["email", "comment"], "require": ["email"], "is_active": "on",
         "owner": str(manager.pk), "thanks": "Bye"},
        follow=True,
    )  # fmt: skip
    with tenant_context(acme):
        made = WebForm.objects.get()

    text = answer.content.decode()
    assert made.fields == ["name", "email", "comment"]
    assert made.required == ["name", "email"]
    assert f"&lt;iframe src=&quot;http://acme.localhost/forms/at/{made.key}/" in text
    assert "&lt;textarea name=&quot;comment&quot;&gt;" in text


def test_who_may_not_customize_makes_no_form(manager_client: Client, acme: Company) -> None:
    assert manager_client.get("/forms/").status_code == 403
    assert manager_client.post("/forms/new/", {"name": "X"}).status_code == 403
    with tenant_context(acme):
        assert not WebForm.objects.exists()
