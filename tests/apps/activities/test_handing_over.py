"""A leaver's open tasks go to a colleague together with the customers."""

from __future__ import annotations

from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.activities.models import Activity
from apps.activities.services import ActivityValues, complete, save_activity
from apps.counterparties.models import Counterparty
from tenants.models import Company


def test_customers_and_open_tasks_of_a_leaver_go_in_one_action(
    company: Company, owner: User, manager: User, owner_client: Client
) -> None:
    """F120: one press hands over the customers and the open tasks; what is done stays theirs."""
    now = timezone.now()
    customer = Counterparty.objects.create(name="Ladoga", responsible=manager)
    values = ActivityValues(subject="Call back", owner_id=manager.pk)
    waiting = save_activity(values=values, by=manager, now=now)
    past = save_activity(values=values, by=manager, now=now)
    complete(ids=[past.pk], by=manager, now=now)

    told = {"giver": str(manager.pk), "receiver": str(owner.pk)}
    answer = owner_client.post("/counterparties/hand-over/all/", told)

    assert answer.status_code == 302
    customer.refresh_from_db()
    owners = dict(Activity.objects.values_list("pk", "owner"))
    assert customer.responsible == owner
    assert owners == {waiting.pk: owner.pk, past.pk: manager.pk}
