"""Tags on tasks and deals: typed, seen in their colour, filtered by."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.activities.models import Activity
from apps.activities.services import ActivityValues, complete, save_activity
from apps.core import objects
from apps.core.models import Tag
from apps.core.tagging import tags_called
from apps.deals.models import Deal
from tenants.models import Company
from tests.apps.deals.conftest import Funnel, funnel, shop

__all__ = ["funnel", "shop"]


def test_a_task_is_tagged_in_its_form_and_found_by_it(
    company: Company, manager: User, manager_client: Client
) -> None:
    """G026: a tag typed in the form stands coloured on card and list, and filters."""
    now = timezone.now()
    task = save_activity(values=ActivityValues(subject="Call Anna", owner_id=manager.pk),
                         by=manager, now=now)  # fmt: skip
    other = save_activity(values=ActivityValues(subject="Visit", owner_id=manager.pk), by=manager,
                          now=now)  # fmt: skip
    page = manager_client.get(f"/activities/{task.pk}/edit/")
    assert 'data-tags="' in page.content.decode() or "data-tags='" in page.content.decode()

    answer = manager_client.post(
        f"/activities/{task.pk}/edit/",
        {"kind": "task", "subject": "Call Anna", "owner": str(manager.pk), "tags": "urgent, Spring",
         "importance": "normal", "seen": page.context["form"]["seen"].value()},
    )  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()[-2000:]

    urgent, spring = Tag.objects.get(name="urgent"), Tag.objects.get(name="Spring")
    task.refresh_from_db()
    assert set(task.tags) == {str(urgent.pk), str(spring.pk)}
    card = manager_client.get(f"/activities/{task.pk}/").content.decode()
    assert f'class="tag tag-{urgent.colour}">urgent' in card
    wanted = json.dumps(["tags", "any", str(urgent.pk)])
    listed = manager_client.get(
        "/activities/list/", {"cols": "subject,tags", "f": wanted}
    ).content.decode()
    assert f'class="tag tag-{urgent.colour}">urgent' in listed
    assert str(task.pk) in listed
    assert str(other.pk) not in listed


def test_a_deal_is_tagged_by_every_door_and_found_by_it(
    funnel: Funnel, manager_client: Client
) -> None:
    """G026: tags of a deal in API, form, card, list and filter; saved unchanged nothing is new."""
    deal = funnel.deal("Roof of the school")
    [key] = tags_called(["Tender"])
    kind = objects.kind("deals")

    objects.save(kind, values={"tags": [key]}, by=None, key=deal.pk)
    before = Deal.objects.get(pk=deal.pk).updated_at
    objects.save(kind, values={"tags": [key]}, by=None, key=deal.pk)

    deal.refresh_from_db()
    assert (deal.tags, deal.updated_at) == ([key], before)
    form = manager_client.get(f"/deals/{deal.pk}/edit/").content.decode()
    assert 'value="Tender"' in form
    assert "Tender" in manager_client.get(f"/deals/{deal.pk}/").content.decode()
    for wanted, is_there in ((key, True), (tags_called(["Other"])[0], False)):
        found = manager_client.get(
            "/deals/list/", {"cols": "name,tags", "f": json.dumps(["tags", "any", wanted])}
        ).content.decode()
        assert (str(deal.pk) in found) is is_there


def test_what_repeats_keeps_its_tags(company: Company, manager: User) -> None:
    now = timezone.now()
    tags = tags_called(["weekly"])
    first = save_activity(
        values=ActivityValues(subject="Stock", owner_id=manager.pk, due_at=now, tags=tags,
                              recurrence="FREQ=WEEKLY"),
        by=manager, now=now,
    )  # fmt: skip

    complete(ids=[first.pk], by=manager, now=now)

    following = Activity.objects.exclude(pk=first.pk).get()
    assert following.tags == tags


@pytest.mark.parametrize("kind", ["deals", "activities"])
def test_tags_take_only_what_is_a_tag(company: Company, kind: str) -> None:
    field = objects.kind(kind).field("tags")

    assert field.type == "choices"
    assert field.is_writable
