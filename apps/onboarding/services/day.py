"""What people of the demonstration have to do: calls, meetings, notes, as a real week looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from apps.accounts.models import Role, User
from apps.activities.models import Activity, ActivityKind, Importance
from apps.activities.moments import whole_day
from apps.activities.services import ActivityValues, save_activity
from apps.activities.services.receivables import plan_calls
from apps.core import objects
from apps.counterparties.models import Counterparty
from apps.deals.models import Deal
from apps.duplicates import bin

Words = dict[str, str]  # by language


@dataclass(frozen=True)
class _Planned:
    """One thing to do: so many days from today, at this hour (none: the whole day)."""

    kind: str
    words: Words
    customer: int
    days: int
    hour: int | None = None
    length: int = 60
    importance: str = Importance.NORMAL
    recurrence: str = ""


@dataclass(frozen=True)
class _Done:
    """One thing that was done so many days ago."""

    kind: str
    words: Words
    customer: int
    days: int
    hour: int
    text: Words | None = None


def _w(english: str, russian: str, turkish: str) -> Words:
    return {"en": english, "ru": russian, "tr": turkish}


_PLANNED = (
    _Planned("call", _w("Ask whether the goods arrived whole", "Узнать, целым ли пришёл товар",
             "Mal sağlam geldi mi, sor"), 0, -1, 16),
    _Planned("task", _w("Send the new price list", "Отправить новый прайс-лист",
             "Yeni fiyat listesini gönder"), 3, 0, 11),
    _Planned("call", _w("Agree on the delivery date", "Согласовать дату поставки",
             "Teslim tarihini kararlaştır"), 5, 0, 15, importance=Importance.HIGH),
    _Planned("meeting", _w("Visit: look at their warehouse", "Визит: посмотреть их склад",
             "Ziyaret: depolarını gör"), 2, 1, 10, 90),
    _Planned("task", _w("Prepare an offer for the season", "Подготовить предложение на сезон",
             "Sezon teklifini hazırla"), 7, 1),
    _Planned("meeting", _w("Team round", "Планёрка", "Ekip toplantısı"), -1, 2, 9, 30,
             recurrence="FREQ=WEEKLY"),
    _Planned("call", _w("Remind of the contract", "Напомнить о договоре",
             "Sözleşmeyi hatırlat"), 4, 3, 14),
    _Planned("task", _w("Check the terms of payment", "Проверить условия оплаты",
             "Ödeme koşullarını denetle"), 6, 5),
)  # fmt: skip
_STEPS = (
    ("call", _w("Ask what they decided", "Узнать решение", "Kararlarını sor"), -2, 11),
    ("task", _w("Count the lines again", "Пересчитать спецификацию", "Kalemleri yeniden hesapla"),
     0, 17),
    ("call", _w("Discuss the terms", "Обсудить условия", "Koşulları görüş"), 4, 10),
    ("task", _w("Send the quotation", "Отправить предложение", "Teklifi gönder"), 1, 12),
    ("call", _w("Introduce the new manager", "Представить нового менеджера",
     "Yeni temsilciyi tanıt"), 7, 15),
)  # fmt: skip
_NEEDLESS = _w(
    "Order printed catalogues", "Заказать печатные каталоги", "Basılı katalog sipariş et"
)
_DONE = (
    _Done("note", _w("Prefers to be called in the mornings", "Просит звонить по утрам",
          "Sabahları aranmayı tercih ediyor"), 0, 40, 10),
    _Done("call", _w("First call: what they buy and from whom",
          "Первый звонок: что и у кого покупают", "İlk arama: ne alıyorlar, kimden"), 0, 33, 11,
          _w("They take about two pallets a month. Delivery on weekdays before noon.",
             "Берут около двух паллет в месяц. Доставка по будням до полудня.",
             "Ayda yaklaşık iki palet alıyorlar. Teslimat hafta içi öğleden önce.")),
    _Done("meeting", _w("Showed the new assortment", "Показали новый ассортимент",
          "Yeni ürünleri gösterdik"), 0, 12, 15,
          _w("Liked the fasteners; asked for a discount from ten boxes on.",
             "Понравился крепёж; просят скидку от десяти коробок.",
             "Bağlantı elemanlarını beğendiler; on kutudan sonra indirim istediler.")),
    _Done("call", _w("Agreed on a discount of 5 %", "Договорились о скидке 5 %",
          "%5 indirimde anlaşıldı"), 0, 6, 12),
    _Done("note", _w("New accountant: Irina, extension 112", "Новый бухгалтер: Ирина, доб. 112",
          "Yeni muhasebeci: Irina, dahili 112"), 3, 20, 9),
    _Done("call", _w("Asked about stock of cable", "Спрашивали остатки кабеля",
          "Kablo stokunu sordular"), 5, 9, 16),
    _Done("task", _w("Sent the certificates", "Отправлены сертификаты",
          "Sertifikalar gönderildi"), 2, 4, 13),
)  # fmt: skip


def load_day(
    *, language: str, partners: Sequence[Counterparty], manager: User | None, now: datetime
) -> list[Activity]:
    """Give the demonstration's manager a week; return what was made, to be noted."""
    if manager is None or not partners:
        return []
    language = language if language in ("ru", "tr") else "en"
    giver = (
        User.objects.filter(is_active=True, role=Role.OWNER).order_by("created_at").first()
        or manager
    )
    made = [_do(each, language, partners, manager, now) for each in _DONE]
    for place, each in enumerate(_PLANNED):
        by = giver if place % 3 == 1 else manager
        made.append(_plan(each, language, partners, manager, by, now))
    made += _steps_of_deals(language, manager, now)
    made.append(_thrown_away(language, manager, now))
    return [*made, *plan_calls(now=now, language=language)]


def _thrown_away(language: str, manager: User, now: datetime) -> Activity:
    """Put a task into the bin that nobody needs any more."""
    values = ActivityValues(
        kind=ActivityKind.TASK, subject=_NEEDLESS[language], owner_id=manager.pk,
        due_at=_at(now, -2, 12),
    )  # fmt: skip
    task = save_activity(values=values, by=manager, now=now)
    bin.delete(kind=objects.kind("activities"), keys=[task.pk], by=manager)
    return task


def _steps_of_deals(language: str, manager: User, now: datetime) -> list[Activity]:
    """Give most open deals a next step: late, today, or later; some have none, as in life."""
    deals = Deal.objects.filter(closed_at__isnull=True, is_archived=False).order_by("pk")
    made = []
    for place, deal in enumerate(deals[: 3 * len(_STEPS)]):
        if place % 4 == 3:
            continue
        kind, words, days, hour = _STEPS[place % len(_STEPS)]
        values = ActivityValues(
            kind=kind, subject=words[language], owner_id=deal.owner_id or manager.pk,
            due_at=_at(now, days, hour),
        )  # fmt: skip
        made.append(
            save_activity(values=values, by=manager, now=now, cards_of=[("deals", deal.pk)])
        )
    return made


def _plan(
    each: _Planned, language: str, partners: Sequence[Counterparty], manager: User, by: User,
    now: datetime,
) -> Activity:  # fmt: skip
    day = timezone.localtime(now).date() + timedelta(days=each.days)
    moment = whole_day(day) if each.hour is None else _at(now, each.days, each.hour)
    is_meeting = each.kind == ActivityKind.MEETING
    values = ActivityValues(
        kind=each.kind, subject=each.words[language], importance=each.importance,
        is_all_day=each.hour is None, owner_id=manager.pk, recurrence=each.recurrence,
        counterparty_id=_customer(partners, each.customer),
        starts_at=moment if is_meeting else None, due_at=None if is_meeting else moment,
        ends_at=moment + timedelta(minutes=each.length) if is_meeting else None,
    )  # fmt: skip
    return save_activity(values=values, by=by, now=now)


def _do(
    each: _Done, language: str, partners: Sequence[Counterparty], manager: User, now: datetime
) -> Activity:
    at = _at(now, -each.days, each.hour)
    more: dict[str, Any] = {"starts_at": at} if each.kind == ActivityKind.MEETING else {}
    values = ActivityValues(
        kind=each.kind, subject=each.words[language], text=each.text[language] if each.text else "",
        owner_id=manager.pk, counterparty_id=_customer(partners, each.customer), **more,
    )  # fmt: skip
    return save_activity(values=values, by=manager, now=now, is_done=True, done_at=at)


def _customer(partners: Sequence[Counterparty], place: int) -> Any:
    return partners[place % len(partners)].pk if place >= 0 else None


def _at(now: datetime, days: int, hour: int) -> datetime:
    day = timezone.localtime(now).date() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time(hour)))
