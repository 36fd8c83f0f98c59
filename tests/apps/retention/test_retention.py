"""Erasing by the clock: off at first, counted before, told in the security log, never back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.accounts.models import User
from apps.activities.models import Activity, ActivityLink, Comment
from apps.core.models import Organization
from apps.counterparties.contacts import PointValues
from apps.counterparties.models import (
    Attachment,
    ContactPerson,
    Counterparty,
    CounterpartyStatus,
    PointKind,
)
from apps.counterparties.services import ContactValues, CounterpartyValues, save_counterparty
from apps.deals.models import Deal
from apps.deals.services.pipelines import begin
from apps.finance.models import Payment
from apps.history.models import RowChange
from apps.history.services import gather
from apps.retention import services
from apps.retention.kinds import due, kinds
from apps.retention.models import RetentionRule
from apps.retention.tasks import erase_old
from apps.sales.models import Invoice
from apps.service.models import RequestState, ServiceRequest
from apps.webforms.models import WebForm, WebFormPost
from tenants.audit.models import SecurityEvent
from tenants.models import Company

NOW = datetime(2026, 11, 29, 3, 20, tzinfo=UTC)
OLD, YOUNG = NOW - timedelta(days=400), NOW - timedelta(days=20)


def aged(row: Any, moment: datetime = OLD, field: str = "updated_at") -> Any:
    """Return a row as if it had been left alone since a moment."""
    type(row)._base_manager.filter(pk=row.pk).update(**{field: moment})
    row.refresh_from_db()
    return row


def lead(name: str = "Romashka", status: str = CounterpartyStatus.LEAD, **told: Any) -> Any:
    """Return a lead of more than a year ago."""
    values = CounterpartyValues(name=name, status=status, **told)
    return aged(save_counterparty(values=values))


def note(partner: Counterparty, moment: datetime = OLD, **told: Any) -> Activity:
    """Return a note on the timeline of a customer."""
    return Activity.objects.create(
        kind="note", state="done", subject="Anna wants nails", counterparty=partner, at=moment,
        **told,
    )  # fmt: skip


def request_of(partner: Counterparty, closed_at: datetime | None = OLD, **told: Any) -> Any:
    """Return a service request, closed more than a year ago."""
    state = RequestState.SOLVED if closed_at else RequestState.NEW
    return ServiceRequest.objects.create(
        counterparty=partner, subject="The door squeaks", state=state, closed_at=closed_at, **told
    )


def invoice_of(partner: Counterparty) -> Invoice:
    """Return an invoice of a customer."""
    return Invoice.objects.create(
        counterparty=partner, number="1", issued_on=OLD.date(), currency="RUB",
        organization=Organization.objects.create(name="Acme"),
    )  # fmt: skip


def rule(kind: str, months: int = 12) -> None:
    """Have a kind erased after some months."""
    RetentionRule.objects.create(kind=kind, months=months)


def due_keys(kind: str, before: datetime) -> set[UUID]:
    """Return the keys of a kind's rows that would go."""
    kept = next(each for each in kinds() if each.key == kind)
    return set(due(kept, before).values_list("pk", flat=True))


def test_without_a_rule_nothing_goes(company: Company) -> None:
    partner = lead()
    request_of(partner)

    erased = services.run(now=NOW)

    partner.refresh_from_db()
    assert (erased, partner.name, ServiceRequest.objects.count()) == ({}, "Romashka", 1)
    assert not SecurityEvent.objects.filter(kind="retention.erased").exists()


def test_an_old_lead_loses_everything_that_tells_who_it_is(company: Company) -> None:
    """G052: retention erases leads that were not qualified, and says so in the security log."""
    partner = lead(
        phone="+7 921 745-60-12", comment="Anna likes tea", rejected_because="Anna left",
        contact_persons=[ContactValues("Anna Petrova", email="anna@example.com")],
        points=[PointValues(PointKind.EMAIL, "anna@home.example")],
    )  # fmt: skip
    Attachment.objects.create(
        kind="counterparties", key=partner.pk, counterparty=partner, name="passport.pdf",
        digest="0" * 64, size=1, content_type="application/pdf",
    )  # fmt: skip
    rule("leads")

    erased = services.run(now=NOW)

    partner.refresh_from_db()
    person = ContactPerson.objects.get(counterparty=partner)
    assert erased == {"leads": 1}
    assert (partner.phone, partner.comment, partner.rejected_because) == ("", "", "")
    assert (partner.is_archived, partner.erased_at) == (True, NOW)
    assert "Anna" not in person.full_name
    assert person.email == ""
    assert "anna" not in (partner.search_text + person.search_text).lower()
    assert not Attachment.objects.exists()
    assert not partner.points.exists()
    (told,) = SecurityEvent.objects.filter(kind="retention.erased")
    assert (told.detail["count"], told.detail["until"]) == (1, "2025-11-29")


def test_the_history_tells_nothing_of_who_was_erased(company: Company) -> None:
    partner = lead("Anna Petrova")
    aged(save_counterparty(
        values=CounterpartyValues(name="Anna Ivanova", status="lead"), counterparty_id=partner.pk
    ))  # fmt: skip
    rule("leads")

    services.run(now=NOW)
    gather(now=NOW)

    assert "Anna" not in str(list(RowChange.objects.values_list("changed", flat=True)))


def test_a_run_that_comes_twice_erases_once(company: Company) -> None:
    lead()
    rule("leads")
    services.run(now=NOW)

    again = services.run(now=NOW)

    assert again == {"leads": 0}
    assert SecurityEvent.objects.filter(kind="retention.erased").count() == 1


def test_batches_go_on_until_nothing_is_left(company: Company) -> None:
    for number in range(5):
        lead(f"Lead {number}")
    rule("leads")

    with patch.object(services, "BATCH", 2):
        erased = services.run(now=NOW)

    counts = SecurityEvent.objects.filter(kind="retention.erased").order_by("pk")
    assert erased == {"leads": 5}
    assert [each.detail["count"] for each in counts] == [2, 2, 1]


def test_what_a_night_cannot_take_waits_for_the_next(company: Company) -> None:
    for number in range(5):
        lead(f"Lead {number}")
    rule("leads")

    with patch.object(services, "BATCH", 2), patch.object(services, "MOST", 4):
        erased = services.run(now=NOW)

    assert erased == {"leads": 4}
    assert Counterparty.objects.filter(erased_at=None).count() == 1


@pytest.mark.parametrize(
    "status", [CounterpartyStatus.QUALIFIED, CounterpartyStatus.CUSTOMER], ids=str
)
def test_who_was_qualified_stays(company: Company, status: str) -> None:
    partner = lead(status=status)

    assert partner.pk not in due_keys("leads", NOW)


def test_a_lead_with_an_invoice_stays(company: Company) -> None:
    partner = lead()
    invoice_of(partner)
    rule("leads")

    services.run(now=NOW)

    partner.refresh_from_db()
    assert partner.name == "Romashka"


def test_a_lead_that_1c_knows_stays(company: Company) -> None:
    partner = aged(lead(), field="updated_at")
    Counterparty.objects.filter(pk=partner.pk).update(
        node_id=UUID("01a20000-0000-7000-8000-000000000000"), ref="1c"
    )

    assert partner.pk not in due_keys("leads", NOW)


def test_a_lead_with_a_payment_stays(company: Company) -> None:
    partner = lead()
    Payment.objects.create(
        counterparty=partner, paid_on=OLD.date(), amount=1, currency="RUB"
    )  # fmt: skip

    assert partner.pk not in due_keys("leads", NOW)


def test_a_lead_with_an_open_deal_stays_with_its_notes_and_requests(
    company: Company, manager: User
) -> None:
    partner = lead(status=CounterpartyStatus.REJECTED)
    written, asked = note(partner), request_of(partner)
    deal = open_deal(partner, manager)

    held = [due_keys(kind, NOW) for kind in ("leads", "notes", "requests")]
    Deal.objects.filter(pk=deal.pk).update(closed_at=OLD)
    free = [due_keys(kind, NOW) for kind in ("leads", "notes", "requests")]

    assert held == [set(), set(), set()]
    assert free == [{partner.pk}, {written.pk}, {asked.pk}]


def open_deal(partner: Counterparty, owner: User) -> Deal:
    """Return an open deal of a customer."""
    pipeline = begin()
    return Deal.objects.create(
        name="Nails", counterparty=partner, owner=owner, pipeline=pipeline, currency="RUB",
        stage=pipeline.stages.order_by("position")[0],
    )  # fmt: skip


@pytest.mark.parametrize("way", ["later note", "open task", "open request"])
def test_a_lead_somebody_still_works_with_stays(company: Company, way: str) -> None:
    partner = lead()
    if way == "later note":
        note(partner, YOUNG)
    elif way == "open task":
        Activity.objects.create(kind="task", subject="Call", counterparty=partner, at=OLD)
    else:
        request_of(partner, None)

    assert partner.pk not in due_keys("leads", NOW - timedelta(days=365))


def test_closed_requests_go_with_their_files(company: Company) -> None:
    partner = lead(status=CounterpartyStatus.CUSTOMER)
    old, young, unfinished = (
        request_of(partner), request_of(partner, YOUNG), request_of(partner, None),
    )  # fmt: skip
    about = request_of(partner, invoice=invoice_of(partner))
    Attachment.objects.create(
        kind="requests", key=old.pk, counterparty=partner, name="door.jpg", digest="0" * 64,
        size=1, content_type="image/jpeg",
    )  # fmt: skip
    rule("requests")

    erased = services.run(now=NOW)

    left = set(ServiceRequest.objects.values_list("pk", flat=True))
    assert erased == {"requests": 1}
    assert left == {young.pk, unfinished.pk, about.pk}
    assert not Attachment.objects.exists()


def test_notes_go_where_the_customer_has_gone(company: Company) -> None:
    active, declined = lead(status=CounterpartyStatus.CUSTOMER), lead(status="rejected")
    stays, goes, about = note(active), note(declined), note(declined)
    young = note(declined, YOUNG)
    ActivityLink.objects.create(activity=about, kind="invoices", key=active.pk)
    Comment.objects.create(activity=goes, text="Anna again")
    rule("notes")

    erased = services.run(now=NOW)

    left = set(Activity.objects.values_list("pk", flat=True))
    assert erased == {"notes": 1}
    assert left == {stays.pk, about.pk, young.pk}
    assert not Comment.objects.exists()


def test_entries_of_web_forms_go_and_leads_stay(company: Company) -> None:
    partner, form = lead(), WebForm.objects.create(name="Contact us")
    for digest, moment in (("a", OLD), ("b", YOUNG)):
        aged(
            WebFormPost.objects.create(form=form, digest=digest, counterparty_id=partner.pk),
            moment, "created_at",
        )  # fmt: skip
    rule("web_form_posts")

    services.run(now=NOW)

    assert [each.digest for each in WebFormPost.objects.all()] == ["b"]
    partner.refresh_from_db()
    assert partner.name == "Romashka"


def test_a_preview_counts_by_date_and_changes_nothing(company: Company) -> None:
    lead()
    aged(lead("Soon"), NOW - timedelta(days=350))
    kept = next(each for each in kinds() if each.key == "leads")

    counted = services.preview(kept, months=12, now=NOW)

    assert [each.count for each in counted] == [1, 2, 2]
    assert Counterparty.objects.filter(erased_at=None).count() == 2


@pytest.mark.parametrize(
    ("now", "months", "before"),
    [
        (datetime(2026, 3, 31, tzinfo=UTC), 1, datetime(2026, 2, 28, tzinfo=UTC)),
        (datetime(2026, 1, 15, tzinfo=UTC), 13, datetime(2024, 12, 15, tzinfo=UTC)),
        (datetime(2026, 11, 30, tzinfo=UTC), -3, datetime(2027, 2, 28, tzinfo=UTC)),
    ],
    ids=["a short month", "over a year", "ahead"],
)
def test_months_are_those_of_the_calendar(now: datetime, months: int, before: datetime) -> None:
    assert services.age(months=months, now=now) == before


def test_an_office_erases_nothing(company: Company) -> None:
    lead()
    rule("leads")

    with patch.object(services, "this_office", return_value=object()):
        erased = services.run(now=NOW)

    assert erased == {}
    assert not Counterparty.objects.exclude(erased_at=None).exists()


def test_a_company_erases_its_own_alone(acme: Company, rival: Company) -> None:
    for company in (acme, rival):
        with tenant_context(company):
            aged(lead(), timezone.now() - timedelta(days=800))
    with tenant_context(acme):
        rule("leads")

    for company in (acme, rival):
        with tenant_context(company):
            erase_old.delay()

    with tenant_context(acme):
        assert Counterparty.objects.exclude(erased_at=None).count() == 1
    with tenant_context(rival):
        assert not Counterparty.objects.exclude(erased_at=None).exists()


def test_the_page_and_its_counts_ask_little_of_the_database(
    administrator_client: Client, acme: Company, django_assert_max_num_queries: Any
) -> None:
    with tenant_context(acme):
        for kept in kinds():
            rule(kept.key)

    with django_assert_max_num_queries(12):
        administrator_client.get(reverse("retention:rules"))
    with django_assert_max_num_queries(12):
        administrator_client.get(reverse("retention:preview", args=["leads"]), {"leads": "12"})


def test_stricter_rules_want_a_word(administrator_client: Client, acme: Company) -> None:
    page = reverse("retention:rules")

    refused = administrator_client.post(page, {"leads": "12"})
    with tenant_context(acme):
        assert not RetentionRule.objects.exists()
    saved = administrator_client.post(page, {"leads": "12", "confirmed": "Erase"})

    assert (refused.status_code, saved.status_code) == (422, 302)
    with tenant_context(acme):
        kept = RetentionRule.objects.get()
        (told,) = SecurityEvent.objects.filter(kind="retention.changed")
    assert (kept.kind, kept.months) == ("leads", 12)
    assert told.login == "administrator@acme.example"


def test_keeping_longer_wants_no_word(administrator_client: Client, acme: Company) -> None:
    with tenant_context(acme):
        rule("leads", 12)
        rule("requests", 12)

    answer = administrator_client.post(reverse("retention:rules"), {"leads": "24"})

    assert answer.status_code == 302
    with tenant_context(acme):
        assert services.rules() == {"leads": 24}


@pytest.mark.parametrize("months", ["0", "-3", "241", "many"])
def test_months_that_are_none_are_refused(
    administrator_client: Client, acme: Company, months: str
) -> None:
    answer = administrator_client.post(
        reverse("retention:rules"), {"leads": months, "confirmed": "erase"}
    )

    assert answer.status_code == 422
    with tenant_context(acme):
        assert not RetentionRule.objects.exists()


def test_the_page_counts_what_is_typed(administrator_client: Client, acme: Company) -> None:
    with tenant_context(acme):
        aged(lead(), timezone.now() - timedelta(days=800))
    page = reverse("retention:preview", args=["leads"])

    counted = administrator_client.get(page, {"leads": "12"}).context["counted"]
    nothing = [
        administrator_client.get(page, {"leads": typed}).context["counted"]
        for typed in ("", "0", "x", "²", "9999")
    ]

    assert [each.count for each in counted] == [1, 1, 1]
    assert nothing == [[]] * 5


def test_the_rules_are_administrators_own(manager_client: Client, acme: Company) -> None:
    answers = [
        manager_client.get(reverse("retention:rules")),
        manager_client.post(reverse("retention:rules"), {"leads": "1", "confirmed": "erase"}),
        manager_client.get(reverse("retention:preview", args=["leads"]), {"leads": "1"}),
    ]

    assert {each.status_code for each in answers} == {403}
    with tenant_context(acme):
        assert not RetentionRule.objects.exists()


def test_what_goes_is_shown_on_the_page_and_in_the_security_log(
    administrator_client: Client, acme: Company
) -> None:
    with tenant_context(acme):
        lead()
        rule("leads")
        services.run(now=NOW)

    page = administrator_client.get(reverse("retention:rules"))

    assert [run.detail["count"] for run in page.context["runs"]] == [1]
