"""Webhooks, their log and web forms by the API, as on their pages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.accounts.models import User
from apps.webforms.models import WebForm
from apps.webhooks import services, signing
from apps.webhooks.models import DeliveryState, Webhook, WebhookDelivery
from tenants.audit.models import SecurityEvent
from tenants.models import Company
from tests.apps.custom.asking import ask

SECRET = "a-secret-of-the-receiver-1"
HOOK = {
    "name": "Warehouse", "url": "https://93.184.216.34/hook", "secret": SECRET,
    "kinds": ["deals"], "operations": ["changed"], "is_active": True,
}  # fmt: skip


def write(user: User, path: str, body: dict[str, Any], method: str = "PATCH") -> Any:
    return ask(user, path, method, json.dumps(body))


def test_a_webhook_signs_with_the_receiver_s_secret(company: Company, owner: User) -> None:
    """G070: it is told once and never read."""
    made = write(owner, "webhooks", HOOK, "POST")
    changed = write(owner, f"webhooks/{made.json()['id']}", {"kinds": ["deals", "invoices"]})
    anew = write(owner, f"webhooks/{made.json()['id']}", {"secret": "b" * 30})

    hook = Webhook.objects.get()
    assert (made.status_code, made.json()["secret"]) == (201, "")
    assert (changed.status_code, anew.status_code) == (200, 422)
    assert signing.opened(hook.secret) == SECRET
    assert hook.kinds == ["deals", "invoices"]
    assert SecurityEvent.objects.filter(kind="webhook.saved").count() == 2


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"url": "https://10.0.0.1/hook"}, "url"),
        ({"url": "ftp://example.com"}, "url"),
        ({"secret": "short"}, "secret"),
        ({"kinds": ["moon"]}, "kinds"),
        ({"kinds": []}, "kinds"),
        ({"operations": ["seen"]}, "operations"),
    ],
    ids=["inside", "no web address", "short secret", "no kind", "nothing", "no operation"],
)
def test_a_wrong_webhook_is_refused(
    company: Company, owner: User, more: dict[str, Any], field: str
) -> None:
    answer = write(owner, "webhooks", {**HOOK, **more}, "POST")

    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
    assert not Webhook.objects.exists()


def test_a_test_and_a_replay_are_deliveries(company: Company, owner: User) -> None:
    """G070: the log tells what was sent; one that is sent again keeps its key."""
    key = write(owner, "webhooks", HOOK, "POST").json()["id"]
    tested = write(owner, f"webhooks/{key}/test", {}, "POST")
    delivery = WebhookDelivery.objects.get()
    WebhookDelivery.objects.update(state=DeliveryState.FAILED)

    again = write(owner, f"webhook_deliveries/{delivery.pk}/replay", {}, "POST")
    log = ask(owner, f"webhook_deliveries?webhook={key}").json()["data"]
    gone = ask(owner, f"webhooks/{key}", "DELETE")

    assert (tested.status_code, again.status_code, gone.status_code) == (200, 200, 204)
    assert [(each["id"], each["event"], each["state"]) for each in log] == [
        (str(delivery.pk), "test", "waiting")
    ]
    assert not WebhookDelivery.objects.exists()


def test_who_may_not_sees_no_webhook_and_no_form(
    company: Company, owner: User, manager: User
) -> None:
    """F219, G070: neither the log nor what is in it."""
    hook = write(owner, "webhooks", HOOK, "POST").json()["id"]
    services.test_event(webhook_id=hook, now=timezone.now())
    form = write(owner, "web_forms", {"name": "Site"}, "POST").json()["id"]
    delivery = WebhookDelivery.objects.get().pk

    paths = (f"webhooks/{hook}", f"webhook_deliveries/{delivery}", f"web_forms/{form}")
    assert [ask(manager, path).status_code for path in paths] == [403] * 3
    assert write(manager, f"{paths[0]}/test", {}, "POST").status_code == 403
    assert write(manager, f"{paths[1]}/replay", {}, "POST").status_code == 403
    assert ask(manager, paths[0], "DELETE").status_code == 403
    assert write(manager, paths[2], {"name": "Mine"}).status_code == 403
    assert WebForm.objects.get().name == "Site"


def test_a_web_form_is_made_and_taken_out_of_use(
    company: Company, owner: User, manager: User
) -> None:
    """G076: it always asks for a name; its key stays."""
    made = write(owner, "web_forms", {
        "name": "Site", "fields": ["phone"], "required": ["phone"], "owner": str(manager.pk),
        "thanks": "Thanks", "is_active": True,
    }, "POST")  # fmt: skip
    key = made.json()["key"]
    changed = write(owner, f"web_forms/{made.json()['id']}", {"is_active": False})
    wrong = write(owner, "web_forms", {"name": "Site", "fields": ["moon"]}, "POST")

    assert (made.status_code, made.json()["fields"]) == (201, ["name", "phone"])
    assert made.json()["required"] == ["name", "phone"]
    assert (changed.json()["is_active"], changed.json()["key"]) == (False, key)
    assert changed.json()["owner"] == str(manager.pk)
    assert (wrong.status_code, list(wrong.json()["errors"])) == (422, ["fields"])


def test_webhooks_of_another_company_are_not_there(
    company: Company, owner: User, rival: Company, rival_owner: User
) -> None:
    """F219: not to be read, changed or sent to."""
    with tenant_context(rival):
        hook = Webhook.objects.create(name="X", url="https://x.example", owner=rival_owner)

    assert ask(owner, f"webhooks/{hook.pk}").status_code == 404
    assert write(owner, f"webhooks/{hook.pk}/test", {}, "POST").status_code == 404
    assert ask(owner, f"webhooks/{hook.pk}", "DELETE").status_code == 404
