"""Changing many rows takes as many statements for a hundred rows as for ten, whatever the kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from apps.accounts import roles
from apps.accounts.models import AccessRole, Role, Scope, User
from apps.activities.models import Activity, ActivityState
from apps.catalog.models import Product
from apps.core import objects
from apps.core.lists import bulk
from apps.core.models import Tag
from apps.counterparties.models import ContactPerson, Counterparty
from apps.custom import services as custom
from apps.custom.models import CustomRow
from apps.custom.services import FieldValues
from apps.deals.models import Deal, StageMove
from apps.notifications.models import Notification
from apps.sales.models import Invoice, InvoiceStatus
from apps.service.models import RequestState, ServiceRequest
from tests.apps.deals.conftest import Funnel, funnel, shop

__all__ = ["funnel", "shop"]
NOW = timezone.now()


@pytest.fixture
def rows_of(funnel: Funnel, manager: User, owner: User) -> Callable[[str, int], list[UUID]]:
    """Make rows of a kind, all of the manager; return their keys."""
    customer, stage = funnel.shop.customer, funnel.stage("New")
    common = {"kind": "task", "at": NOW, "planned_at": NOW, "due_at": NOW, "owner": manager}
    tool = custom.save_object(values={"label": "Tool", "label_plural": "Tools"})

    def make(kind: str, count: int) -> list[UUID]:
        numbers = range(count)
        made: list[Any] = {
            "counterparties": lambda: [
                Counterparty(name=f"Firm {n}", sort_name=f"firm {n}", responsible=manager)
                for n in numbers
            ],
            "contacts": lambda: [
                ContactPerson(counterparty=customer, full_name=f"Anna {n}") for n in numbers
            ],
            "deals": lambda: [
                Deal(
                    name=f"Deal {n}", counterparty=customer, pipeline=stage.pipeline, stage=stage,
                    owner=manager, currency="RUB", opened_at=NOW, stage_since=NOW, touched_at=NOW,
                    amount=5,
                )
                for n in numbers
            ],
            "activities": lambda: [Activity(subject=f"Call {n}", **common) for n in numbers],
            "requests": lambda: [
                ServiceRequest(counterparty=customer, subject=f"Hinge {n}", owner=manager)
                for n in numbers
            ],
            "invoices": lambda: [
                Invoice(
                    counterparty=customer, organization=funnel.shop.organization, currency="RUB",
                    issued_on=NOW.date(), responsible=manager, status=InvoiceStatus.ISSUED,
                    number=f"N-{count}-{n}",
                )
                for n in numbers
            ],
            "products": lambda: [Product(name=f"Nail {n}", sort_name=f"nail {n}") for n in numbers],
            tool.key: lambda: [
                CustomRow(kind=tool, name=f"Drill {n}", sort_name=f"drill {n}") for n in numbers
            ],
        }[kind]()  # fmt: skip
        type(made[0]).objects.bulk_create(made)
        return [row.pk for row in made]

    return make


def value_for(name: str, funnel: Funnel, owner: User) -> list[str]:
    """Return what a field is set to, as it is typed."""
    return {
        "owner": lambda: [str(owner.pk)],
        "comment": lambda: ["new"],
        "date": lambda: ["2026-12-24T10:00"],
        "stage": lambda: [str(funnel.stage("Won").pk)],
        "parent": lambda: [str(funnel.shop.customer.pk)],
        "customer": lambda: [str(Counterparty.objects.create(name="Other", sort_name="other").pk)],
        "tag": lambda: [str(Tag.objects.create(name="Fair", folded_name="fair").pk)],
        "done": lambda: [ActivityState.DONE],
        "in work": lambda: [RequestState.IN_WORK],
        "": lambda: [],
    }[name]()


CASES = [
    pytest.param("counterparties", "set", "comment", "comment", id="customers-comment"),
    pytest.param("counterparties", "set", "parent", "parent", id="customers-company-above"),
    pytest.param("counterparties", "set", "x_score", "comment", id="customers-own-field"),
    pytest.param("counterparties", "add", "tags", "tag", id="customers-tag"),
    pytest.param("counterparties", "archive", "", "", id="customers-archive"),
    pytest.param("contacts", "set", "comment", "comment", id="persons-comment"),
    pytest.param("contacts", "set", "counterparty", "customer", id="persons-move"),
    pytest.param("deals", "set", "owner", "owner", id="deals-owner"),
    pytest.param("deals", "set", "name", "comment", id="deals-name"),
    pytest.param("deals", "set", "stage", "stage", id="deals-stage"),
    pytest.param("deals", "set", "counterparty", "customer", id="deals-customer"),
    pytest.param("deals", "add", "tags", "tag", id="deals-tag"),
    pytest.param("deals", "archive", "", "", id="deals-archive"),
    pytest.param("activities", "set", "owner", "owner", id="tasks-owner"),
    pytest.param("activities", "set", "subject", "comment", id="tasks-subject"),
    pytest.param("activities", "set", "due_at", "date", id="tasks-deadline"),
    pytest.param("activities", "set", "state", "done", id="tasks-done"),
    pytest.param("activities", "archive", "", "", id="tasks-archive"),
    pytest.param("requests", "set", "owner", "owner", id="requests-owner"),
    pytest.param("requests", "set", "counterparty", "customer", id="requests-customer"),
    pytest.param("requests", "set", "state", "in work", id="requests-state"),
    pytest.param("requests", "archive", "", "", id="requests-archive"),
    pytest.param("invoices", "set", "comment", "comment", id="invoices-comment"),
    pytest.param("invoices", "set", "counterparty", "customer", id="invoices-customer"),
    pytest.param("invoices", "set", "responsible", "owner", id="invoices-owner"),
    pytest.param("invoices", "set", "x_score", "comment", id="invoices-own-field"),
    pytest.param("products", "set", "x_score", "comment", id="products-own-field"),
    pytest.param("o_tools", "set", "responsible", "owner", id="own-object-owner"),
    pytest.param("o_tools", "set", "x_score", "comment", id="own-object-own-field"),
    pytest.param("o_tools", "archive", "", "", id="own-object-archive"),
]


@pytest.mark.parametrize(("kind", "how", "field", "value"), CASES)
def test_a_hundred_rows_take_the_statements_of_ten(
    funnel: Funnel, rows_of: Any, owner: User, kind: str, how: str, field: str, value: str,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    """G011: over all that match, and taken back, by sets: no row takes a statement of its own."""
    if field == "x_score":
        custom.add_field(kind=kind, values=FieldValues("Score"))
    typed = value_for(value, funnel, owner)
    counts = []
    for count in (10, 100):
        keys = rows_of(kind, count)
        before = state_of(kind, keys)
        job = bulk.begin(
            kind=objects.kind(kind), by=owner, how=how, field=field, value=typed, keys=keys
        )
        with counted() as done, django_capture_on_commit_callbacks(execute=True):
            ran = bulk.run(job_id=job.pk)
        changed = state_of(kind, keys)
        bulk.begin_undo(job_id=job.pk, by=owner, now=timezone.now())
        with counted() as undone, django_capture_on_commit_callbacks(execute=True):
            back = bulk.run(job_id=job.pk)

        assert (ran.done, ran.refused, back.done, back.refused) == (count, 0, count, 0)
        assert all(changed[key] != before[key] for key in keys)
        assert state_of(kind, keys) == before
        counts.append((len(done), len(undone)))
    assert counts[0] == counts[1]


@contextmanager
def counted() -> Iterator[list[str]]:
    """Give the statements of a block; Django's own capture does not let COPY through."""
    said: list[str] = []

    def heard(execute: Any, sql: Any, *rest: Any) -> Any:
        said.append(str(sql))
        return execute(sql, *rest)

    with connection.execute_wrapper(heard):
        yield said


def state_of(kind: str, keys: list[UUID]) -> dict[UUID, Any]:
    """Return the fields that people write, and whether rows are in the bin."""
    of = objects.kind(kind)
    names = [each.name for each in of.model._meta.concrete_fields]
    written = {each.source.partition("__")[0] for each in of.fields if each.is_writable}
    shown = {"name", "comment", "custom", "is_archived", *written} & set(names)
    moments = {"completed_at", "remind_at"}
    rows = of.model._default_manager.filter(pk__in=keys)
    return {row.pop("id"): row for row in rows.values("id", *sorted(shown - moments))}


def begun(kind: str, by: User, keys: list[UUID], field: str, *value: str) -> Any:
    return bulk.begin(
        kind=objects.kind(kind), by=by, how="set", field=field, value=list(value), keys=keys
    )


def test_deals_that_lack_what_a_stage_asks_for_stay_and_the_others_move(
    funnel: Funnel, rows_of: Any, owner: User
) -> None:
    """G011: rows that are refused do not stop the others, and the reason is told."""
    won = funnel.stage("Won")
    won.required_fields = ["contract"]
    won.save()
    keys = rows_of("deals", 6)
    Deal.objects.filter(pk__in=keys[:4]).update(contract="26/1")

    job = bulk.run(job_id=begun("deals", owner, keys, "stage", str(won.pk)).pk)

    assert (job.done, job.refused) == (4, 2)
    assert list(job.reasons.values()) == [2]
    assert "Contract" in next(iter(job.reasons))
    assert set(Deal.objects.filter(stage=won).values_list("pk", flat=True)) == set(keys[:4])
    moves = StageMove.objects.filter(deal__in=keys).values_list("former", "stage", "by")
    assert list(moves) == [(funnel.stage("New").pk, won.pk, owner.pk)] * 4


def test_what_many_rows_were_is_in_the_history_with_author_and_cause(
    rows_of: Any, owner: User
) -> None:
    keys = rows_of("deals", 3)

    bulk.run(job_id=begun("deals", owner, keys, "comment", "new").pk)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT changed->'comment', author, cause FROM replication_journal"
            " WHERE key = ANY(%s) AND operation = 'U'", [keys],
        )  # fmt: skip
        lines = cursor.fetchall()
    assert lines == [('["", "new"]', owner.pk, "screen")] * 3


def test_whoever_gets_many_deals_is_told_of_some_and_how_many_more(
    rows_of: Any, owner: User, manager: User, django_capture_on_commit_callbacks: Any
) -> None:
    keys = rows_of("deals", 30)
    job = begun("deals", manager, keys, "owner", str(owner.pk))

    with django_capture_on_commit_callbacks(execute=True):
        bulk.run(job_id=job.pk)

    kinds = list(Notification.objects.filter(user=owner).values_list("kind", flat=True))
    assert (kinds.count("deal_handed_over"), kinds.count("and_more")) == (20, 1)


def test_whoever_may_change_own_rows_alone_changes_those_of_a_set(
    funnel: Funnel, rows_of: Any, manager: User, owner: User
) -> None:
    role = AccessRole.objects.create(name="Own", base=Role.MANAGER)
    scopes = {"deals.view": Scope.ALL, "deals.edit": Scope.OWN}
    roles.save_role(role=role, name="Own", by=owner, fields={}, scopes=scopes)
    manager.access_role = role
    manager.save()
    keys = rows_of("deals", 4)
    Deal.objects.filter(pk=keys[0]).update(owner=owner)

    saved = objects.save_many(
        objects.kind("deals"), rows=[(key, {"comment": "new"}) for key in keys], by=manager
    )

    assert [answer.refused is None for answer in saved] == [False, True, True, True]
    assert set(Deal.objects.filter(comment="new").values_list("pk", flat=True)) == set(keys[1:])


def test_no_ring_of_companies_comes_of_a_set(rows_of: Any, owner: User) -> None:
    """G028: a company belongs neither to itself nor to one below it, many at once either."""
    first, second, third = rows_of("counterparties", 3)

    saved = objects.save_many(
        objects.kind("counterparties"), by=owner,
        rows=[(first, {"parent": second}), (second, {"parent": third}), (third, {"parent": first})],
    )

    assert [answer.refused is None for answer in saved] == [True, True, False]


def test_a_customer_card_is_of_one_of_a_set(rows_of: Any, owner: User) -> None:
    first, second = rows_of("counterparties", 2)

    saved = objects.save_many(
        objects.kind("counterparties"), by=owner,
        rows=[(first, {"card_number": "77-1"}), (second, {"card_number": "771"})],
    )

    assert [answer.refused is None for answer in saved] == [True, False]
    assert Counterparty.objects.get(card_number="771").pk == first
