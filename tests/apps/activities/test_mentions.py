"""Colleagues mentioned with @: who is told, who is offered, where it is found; one deal, two
departments.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import AccessRole, Role, RoleField, RoleRight, Scope, Team, User
from apps.activities import services
from apps.activities.models import Mention
from apps.deals.models import Deal, DealMember
from apps.notifications.models import Notification
from tests.apps.activities.conftest import planned


def signed_in(user: User) -> Client:
    client = Client(headers={"host": "acme.localhost"})
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def mentioned(user: User) -> list[str]:
    rows = Notification.objects.filter(user=user, kind="mentioned")
    return [row.values["text"] for row in rows]


@pytest.fixture
def departments(company: Any) -> tuple[User, User]:
    """Somebody of sales and somebody of the warehouse, each seeing their own rows only."""
    role = AccessRole.objects.create(name="Own only", base=Role.MANAGER)
    for name in ("deals", "activities", "counterparties"):
        for action in ("view", "edit"):
            RoleRight.objects.create(role=role, object=name, action=action, scope=Scope.OWN)
    people = [
        User.objects.create_user(
            email=f"{name.split()[0].lower()}@acme.example", role=Role.MANAGER, access_role=role,
            full_name=name, team=Team.objects.create(name=team),
        )
        for name, team in (("Sonya Sales", "Sales"), ("Vadim Store", "Warehouse"))
    ]  # fmt: skip
    return people[0], people[1]


def test_two_departments_see_the_next_steps_of_one_deal(
    deals: list[Deal], departments: tuple[User, User], django_capture_on_commit_callbacks: Any
) -> None:
    """F147: two departments see one deal's next steps and mention each other."""
    sales, store = departments
    deal = deals[0]
    Deal.objects.filter(pk=deal.pk).update(owner=sales)
    DealMember.objects.create(deal=deal, user=store)

    with django_capture_on_commit_callbacks(execute=True):
        planned(sales, "Agree on the day", text="@Vadim Store, is it in stock?",
                cards_of=[("deals", deal.pk)])  # fmt: skip
        planned(store, "Pack the boxes", text="@Sonya Sales on Friday",
                cards_of=[("deals", deal.pk)])  # fmt: skip

    for user in departments:
        shown = signed_in(user).get(f"/activities/timeline/deals/{deal.pk}/").content.decode()
        assert "Agree on the day" in shown
        assert "Pack the boxes" in shown
    assert mentioned(store) == ["Agree on the day\n@Vadim Store, is it in stock?"]
    assert mentioned(sales) == ["Pack the boxes\n@Sonya Sales on Friday"]


def test_who_has_no_part_in_a_deal_sees_nothing_of_it(
    deals: list[Deal], departments: tuple[User, User]
) -> None:
    sales, store = departments
    Deal.objects.filter(pk=deals[0].pk).update(owner=sales)
    planned(sales, "Agree on the day", cards_of=[("deals", deals[0].pk)])

    answer = signed_in(store).get(f"/activities/timeline/deals/{deals[0].pk}/")

    assert answer.status_code == 404


def test_a_mention_is_found_under_mentions_me(
    romashka: Any, owner: User, manager: User, manager_client: Client, accountant_client: Client
) -> None:
    """F147: the entry is found under «mentions me», by whom it mentions alone."""
    note = planned(owner, kind="note", text="@Marina Manager, call them", is_done=True)
    services.comment(activity_id=note.pk, text="And today, @Marina", by=owner)

    mine = manager_client.get("/activities/mentions/").content.decode()
    theirs = accountant_client.get("/activities/mentions/").content.decode()

    assert "@Marina Manager, call them" in mine
    assert "And today, @Marina" in mine
    assert "@Marina" not in theirs


def test_a_name_in_the_first_line_of_a_note_counts(
    romashka: Any, owner_client: Client, manager: User, manager_client: Client,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    """F147: the one line of a note is its subject; whoever is named in it is told."""
    with django_capture_on_commit_callbacks(execute=True):
        owner_client.post(
            f"/activities/timeline/counterparties/{romashka.pk}/compose/",
            {"kind": "note", "text": "@Marina Manager look here"}, headers={"HX-Request": "true"},
        )  # fmt: skip

    assert mentioned(manager) == ["@Marina Manager look here"]
    shown = manager_client.get("/activities/mentions/").content.decode()
    assert "@Marina Manager look here" in shown


def test_whoever_may_not_see_it_is_not_told_and_the_writer_learns_it(
    romashka: Any, owner_client: Client, departments: tuple[User, User],
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    """F147: a mention opens no door."""
    sales, _store = departments

    with django_capture_on_commit_callbacks(execute=True):
        answer = owner_client.post(
            f"/activities/timeline/counterparties/{romashka.pk}/compose/",
            {"kind": "note", "text": "@Sonya Sales have a look"}, headers={"HX-Request": "true"},
        )  # fmt: skip

    assert "Sonya Sales" in answer["HX-Trigger"]
    assert mentioned(sales) == []
    assert not Mention.objects.exists()


def test_only_people_who_see_the_card_are_offered(
    romashka: Any, manager: User, owner_client: Client, departments: tuple[User, User]
) -> None:
    """F147: the list behind @ holds people with the right to see that card."""
    shown = owner_client.get(
        f"/activities/people/?on=counterparties:{romashka.pk}&q="
    ).content.decode()

    assert "Marina Manager" in shown
    assert "Sonya Sales" not in shown


def test_the_people_of_a_card_one_may_not_see_are_not_told(
    romashka: Any, departments: tuple[User, User]
) -> None:
    answer = signed_in(departments[0]).get(f"/activities/people/?on=counterparties:{romashka.pk}")

    assert answer.status_code == 404


def test_the_list_of_people_asks_few_questions(
    romashka: Any, owner_client: Client, departments: Any, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        User.objects.create_user(
            email=f"p{number}@acme.example", role=Role.MANAGER,
            access_role=departments[0].access_role,
        )  # fmt: skip
    address = f"/activities/people/?on=counterparties:{romashka.pk}&q="
    owner_client.get(address)

    with django_assert_max_num_queries(10):
        owner_client.get(address)


def test_a_whole_name_means_its_bearer_alone(
    company: Any, owner: User, accountant: User, django_capture_on_commit_callbacks: Any
) -> None:
    other = User.objects.create_user(
        email="anna2@acme.example", role=Role.MANAGER, full_name="Anna Other"
    )

    with django_capture_on_commit_callbacks(execute=True):
        planned(owner, kind="note", text="@Anna Other, please", is_done=True)

    assert mentioned(other) == ["Call about nails\n@Anna Other, please"]
    assert mentioned(accountant) == []


def test_a_text_changed_tells_those_named_anew(
    company: Any, owner: User, manager: User, accountant: User,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    from tests.apps.activities.conftest import NOW

    with django_capture_on_commit_callbacks(execute=True):
        note = planned(owner, kind="note", text="@Marina look", is_done=True)
        values = services.ActivityValues.of(note)
        changed = values.__class__(**{**values.__dict__, "text": "@Marina and @Anna look"})
        services.save_activity(values=changed, by=owner, now=NOW, activity_id=note.pk)

    assert len(mentioned(manager)) == 1
    assert len(mentioned(accountant)) == 1


def test_a_hidden_text_is_not_told_by_the_notice(
    company: Any, owner: User, django_capture_on_commit_callbacks: Any
) -> None:
    role = AccessRole.objects.create(name="No texts", base=Role.MANAGER)
    RoleField.objects.create(role=role, object="activities", field="text", access="hidden")
    user = User.objects.create_user(
        email="zoe@acme.example", role=Role.MANAGER, access_role=role, full_name="Zoe Zander"
    )

    with django_capture_on_commit_callbacks(execute=True):
        planned(owner, kind="note", text="@Zoe Zander the price is 12", is_done=True)

    assert mentioned(user) == ["Call about nails"]
    assert "the price" not in signed_in(user).get("/activities/mentions/").content.decode()
