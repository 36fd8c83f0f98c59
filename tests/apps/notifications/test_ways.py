"""How each person wants to be told: channels by topic, quiet hours, the letter of the day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.core import events, notices
from apps.deals.models import Quotation
from apps.deals.services.happenings import (
    DealsHandedOver,
    QuotationDecided,
    QuotationNeedsApproval,
)
from apps.notifications import choosing, letters, sweeping
from apps.notifications.models import NoticeSettings, Notification
from apps.notifications.services import Notice, notify, notify_all
from tenants.models import Company
from tests.apps.deals.conftest import Funnel, funnel, shop
from tests.apps.mail.smtp import SmtpServer

__all__ = ["funnel", "shop"]

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday
VALUES = {"subject": "Offer", "who": "Olga", "number": "26-00001", "customer": "Romashka"}


def choose(user: User, **more: Any) -> NoticeSettings:
    usual = {
        "channels": {}, "quiet_from": None, "quiet_until": None, "is_weekend_quiet": False,
        "digest_at": time(8, 30),
    }  # fmt: skip
    return choosing.choose(user=user, **{**usual, **more})


def tell(user: User, kind: str = "shipped", *, now: datetime = NOON) -> list[Notification]:
    return notify(users=[user], kind=kind, values=VALUES, url="/invoices/", now=now)


def test_one_type_is_turned_off_and_the_others_come(company: Company, manager: User) -> None:
    """G075: turn off one type."""
    choose(manager, channels={"shipments": []})

    silent, loud = tell(manager), tell(manager, "changed_in_1c")

    assert (silent, [each.kind for each in loud]) == ([], ["changed_in_1c"])


def test_the_letter_of_the_day_comes_once_at_half_past_eight(
    company: Company, manager: User
) -> None:
    """G075: digest at 08:30, in one's own time zone, once a day."""
    User.objects.filter(pk=manager.pk).update(time_zone="Europe/Moscow", language="en")
    choose(manager, channels={"shipments": ["bell", "digest"]})
    tell(manager)
    tell(manager)
    morning = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)

    early = sweeping.digests_due(now=morning.replace(minute=29))
    [(user_id, day)] = sweeping.digests_due(now=morning)
    sent = [letters.mail_digest(user_id=user_id, day=day) for _place in range(2)]

    assert early == []
    assert (user_id, day, sent) == (manager.pk, date(2026, 11, 24), [2, 0])
    [letter] = mail.outbox
    assert letter.subject == "2 notices"
    assert letter.body.count("Invoice 26-00001 of Romashka is shipped") == 2
    assert sweeping.digests_due(now=morning) == []


@pytest.mark.parametrize(
    ("now", "mailed"),
    [
        ("2026-11-23T12:00", "2026-11-23T12:00"), ("2026-11-23T22:30", "2026-11-24T07:00"),
        ("2026-11-24T06:59", "2026-11-24T07:00"), ("2026-11-28T12:00", "2026-11-30T07:00"),
    ],
    ids=["by day", "late in the evening", "early", "on Saturday"],
)  # fmt: skip
def test_a_letter_waits_for_the_end_of_quiet_hours(
    company: Company, manager: User, now: str, mailed: str
) -> None:
    """G075: quiet hours, over midnight and at weekends."""
    choose(
        manager, channels={"shipments": ["mail"]}, quiet_from=time(22), quiet_until=time(7),
        is_weekend_quiet=True,
    )  # fmt: skip

    [notice] = tell(manager, now=datetime.fromisoformat(f"{now}+00:00"))

    assert notice.mail_at == datetime.fromisoformat(f"{mailed}+00:00")


def test_what_waited_is_mailed_once(company: Company, manager: User) -> None:
    choose(manager, channels={"shipments": ["mail"]}, quiet_from=time(11), quiet_until=time(13))
    [notice] = tell(manager)

    before = sweeping.letters_due(now=NOON)
    after = sweeping.letters_due(now=NOON.replace(hour=13))
    for _place in range(2):
        letters.mail(notification_id=notice.pk)

    assert (before, after) == ([], [notice.pk])
    assert len(mail.outbox) == 1


def test_the_settings_are_kept_as_ticked(
    company: Company, manager: User, manager_client: Client
) -> None:
    answer = manager_client.post(
        "/notifications/settings/",
        {"topic-shipments": ["bell", "browser"], "digest_at": "07:15", "quiet_from": "22:00",
         "quiet_until": "07:00"},
    )  # fmt: skip

    kept = NoticeSettings.objects.get(user=manager)
    assert answer.status_code == 302
    assert kept.channels["shipments"] == ["bell", "browser"]
    assert kept.channels["payments"] == []
    assert (kept.digest_at, kept.quiet_from) == (time(7, 15), time(22))


def test_half_quiet_hours_are_refused(
    company: Company, manager: User, manager_client: Client
) -> None:
    answer = manager_client.post(
        "/notifications/settings/", {"digest_at": "08:30", "quiet_from": "22:00"}
    )

    assert answer.status_code == 422
    assert not NoticeSettings.objects.exists()


def test_notices_about_the_same_thing_are_one_line_of_the_bell(
    company: Company, manager: User, manager_client: Client
) -> None:
    for _place in range(3):
        tell(manager)

    page = manager_client.get("/notifications/?part=bell").content.decode()
    manager_client.get(f"/notifications/{Notification.objects.order_by('-pk')[0].pk}/")

    assert page.count("Romashka is shipped") == 1
    assert '<span class="count">3</span>' in page
    assert not Notification.objects.filter(read_at__isnull=True).exists()


def test_a_browser_is_given_its_own_fresh_notices_alone(
    company: Company, manager: User, accountant_client: Client, manager_client: Client
) -> None:
    choose(manager, channels={"shipments": ["browser"]})
    [notice] = tell(manager, now=timezone.now())

    mine = manager_client.get("/notifications/?part=fresh").json()["notices"]
    later = manager_client.get(f"/notifications/?part=fresh&after={notice.pk}").json()["notices"]
    others = accountant_client.get("/notifications/?part=fresh").json()["notices"]

    assert [each["id"] for each in mine] == [str(notice.pk)]
    assert (later, others) == ([], [])
    assert "shipped" not in manager_client.get("/notifications/?part=bell").content.decode()


def test_every_kind_of_notice_belongs_to_a_topic() -> None:
    known = {topic.key for topic in notices.topics()}

    assert {kind.topic for kind in notices.kinds()} <= known


def test_whoever_may_approve_is_asked_about_a_quotation_and_its_author_hears(
    funnel: Funnel, owner: User, accountant: User, django_capture_on_commit_callbacks: Any
) -> None:
    deal = funnel.deal()
    quotation = Quotation.objects.create(
        deal=deal, number="Q-1", organization=funnel.shop.organization, issued_on=NOON.date(),
        valid_until=NOON.date(), currency="RUB", author=funnel.shop.manager,
    )  # fmt: skip

    with django_capture_on_commit_callbacks(execute=True):
        events.publish(QuotationNeedsApproval(quotation.pk))
        events.publish(QuotationDecided(quotation.pk, is_approved=True))

    told = {(each.user, each.kind) for each in Notification.objects.all()}
    assert told == {
        (owner, "quotation_to_approve"), (funnel.shop.manager, "quotation_approved")
    }  # fmt: skip


def test_whoever_is_given_a_deal_is_told(
    funnel: Funnel, owner: User, django_capture_on_commit_callbacks: Any
) -> None:
    deal = funnel.deal()

    with django_capture_on_commit_callbacks(execute=True):
        events.publish(DealsHandedOver({deal.pk: owner.pk}, funnel.shop.manager.pk))
        events.publish(DealsHandedOver({deal.pk: owner.pk}, owner.pk))

    notice = Notification.objects.get()
    assert (notice.user, notice.kind) == (owner, "deal_handed_over")
    assert notice.values["who"] == str(funnel.shop.manager)


def test_thousands_of_notices_of_one_kind_are_a_few_and_how_many_more(
    company: Company, manager: User, owner: User
) -> None:
    told = [Notice(manager, "shipped", VALUES, f"/invoices/{n}/") for n in range(50)]

    made = notify_all(told=[*told, Notice(owner, "shipped", VALUES, "/invoices/")])

    kinds = Counter((each.user, each.kind) for each in made)
    assert kinds == {(manager, "shipped"): 20, (manager, "and_more"): 1, (owner, "shipped"): 1}
    assert next(each.values for each in made if each.kind == "and_more") == {"count": 30}


@pytest.fixture
def post(settings: Any) -> Iterator[SmtpServer]:
    """A mail server that does as it is told."""
    with SmtpServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        yield server
        server.shutdown()


@pytest.mark.parametrize("channel", ["digest", "mail"])
def test_a_letter_whose_answer_is_lost_is_not_sent_again(
    company: Company, manager: User, post: SmtpServer, channel: str
) -> None:
    """G075: at most once, whatever becomes of the line; what surely has not left goes later."""
    choose(manager, channels={"shipments": ["bell", channel]})
    [notice] = tell(manager)

    def send() -> None:
        if channel == "digest":
            letters.mail_digest(user_id=manager.pk, day=NOON.date())
        else:
            letters.mail(notification_id=notice.pk)

    post.answer = "451 come again"
    with pytest.raises(OSError, match="come again"):
        send()
    assert post.taken == []
    post.answer, post.cuts = "250 taken", "."
    send()
    send()

    assert [each.to for each in post.taken] == [[manager.email]]
