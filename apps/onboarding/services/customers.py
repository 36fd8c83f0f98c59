"""Customers of the demonstration: what a sales manager would have noted of them by now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.text import slugify

from apps.accounts.models import Role, User
from apps.core import tagging
from apps.counterparties import people
from apps.counterparties.contacts import PointValues
from apps.counterparties.models import (
    ContactPerson,
    ContactRole,
    Counterparty,
    CounterpartyStatus,
    ImportantDate,
)
from apps.counterparties.people import PersonValues
from apps.counterparties.services import CounterpartyValues, save_counterparty
from apps.custom.models import CustomField, CustomType
from apps.custom.services import FieldValues, add_field
from apps.onboarding.models import DemoRecord
from apps.service.models import RequestKind, RequestState, ServiceRequest
from apps.webforms.services import FormValues, save_form


@dataclass(frozen=True)
class _Words:
    """What the demonstration says in one language."""

    tags: tuple[str, str, str]
    preferences: tuple[str, str]
    titles: tuple[str, str, str]
    founded: str
    warehouse: str
    sources: tuple[str, str, str]
    leads: tuple[tuple[str, str, str, str], ...]  # name, phone, e-mail, what they wrote
    requests: tuple[tuple[str, str, str], ...]  # subject, text, what was done
    delivery: tuple[str, tuple[str, str, str]]  # a field of one's own and its choices
    form: tuple[str, str]  # a form of the site and its thanks
    phones: tuple[str, ...]  # of contact persons, at the warehouse


_PHONES = {
    "en": (
        "+44 161 496 0120", "+44 161 496 0145", "+44 161 496 0177", "+44 161 496 0318",
        "+44 161 496 0604", "+44 161 496 0866",
    ),
    "ru": (
        "+7 916 120-34-50", "+7 921 745-60-12", "+7 903 510-77-31", "+7 985 226-18-94",
        "+7 912 604-41-07", "+7 926 333-20-66",
    ),
    "tr": (
        "+90 532 120 34 50", "+90 533 745 60 12", "+90 535 510 77 31", "+90 542 226 18 94",
        "+90 544 604 41 07", "+90 555 333 20 66",
    ),
}  # fmt: skip
_WORDS = {
    "en": _Words(
        ("Building trade", "Pays on time", "Autumn mailing"),
        ("Calls only before noon. Deliveries through the back yard.",
         "Wants offers by e-mail, with pictures."),
        ("Purchasing manager", "Chief accountant", "Director"),
        "Founded", "warehouse", ("Trade fair", "Website", "Recommended"),
        (
            ("Harbour Fittings", "+44 20 7946 0958", "office@harbour-fittings.example",
             "We are looking for a supplier of fastenings for two shops."),
            ("Northgate Joinery", "+44 20 7946 0321", "hello@northgate.example",
             "Please send a price list for wood screws."),
            ("Quayside Glazing", "+44 20 7946 0587", "orders@quayside.example",
             "Do you stock silicone by the pallet?"),
            ("Orchard Carpentry", "+44 20 7946 0129", "info@orchard.example",
             "We need 20 cordless drills next month."),
            ("Mill Lane Builders", "+44 20 7946 0744", "buy@milllane.example",
             "How long do you need to deliver 40 boxes?"),
        ),
        (
            ("Two boxes arrived open", "The driver noted it on the delivery note.", ""),
            ("Send the quality certificate again", "They need it for an inspection.",
             "Sent by e-mail."),
            ("Wrong thread in the last delivery", "M8 in place of M10, 3 packages.", ""),
            ("Paint of another shade", "Two buckets of one batch differ; photos will follow.", ""),
            ("Explain how the drill is serviced", "Where is the nearest workshop?", ""),
            ("Return of opened goods", "They want to bring ten opened packages back.",
             "Opened packages are not taken back; agreed with their director."),
        ),
        ("How they get the goods", ("Fetch it themselves", "Our lorry", "Carrier")),
        ("Request from the site", "Thank you. We call you back the same working day."),
        _PHONES["en"],
    ),
    "ru": _Words(
        ("Строители", "Платит вовремя", "Осенняя рассылка"),
        ("Звонить только до обеда. Разгрузка со двора.",
         "Предложения присылать на почту, с картинками."),
        ("Менеджер по закупкам", "Главный бухгалтер", "Директор"),
        "Дата основания", "склад", ("Выставка", "Сайт", "Рекомендация"),
        (
            ("ООО «Крепёж-Сервис»", "+7 495 123-45-60", "office@krepezh.example",
             "Ищем поставщика крепежа для двух магазинов."),
            ("ИП Соколов", "+7 812 309-18-22", "sokolov@example.com",
             "Пришлите прайс на саморезы."),
            ("ООО «Светлый двор»", "+7 495 640-12-77", "snab@svetly.example",
             "Есть ли силикон паллетами?"),
            ("ИП Громова", "+7 383 219-40-02", "gromova@example.com",
             "Нужны 20 шуруповёртов в следующем месяце."),
            ("ООО «Новый дом»", "+7 343 278-51-10", "zakup@novydom.example",
             "Как быстро привезёте 40 коробок?"),
        ),
        (
            ("Две коробки пришли вскрытыми", "Водитель отметил в накладной.", ""),
            ("Прислать сертификат качества ещё раз", "Нужен для проверки.",
             "Отправили по почте."),
            ("Не та резьба в последней поставке", "М8 вместо М10, 3 упаковки.", ""),
            ("Краска другого оттенка", "Два ведра одной партии отличаются; пришлют фото.", ""),
            ("Подсказать, где обслужить дрель", "Где ближайшая мастерская?", ""),
            ("Возврат вскрытого товара", "Хотят вернуть десять вскрытых упаковок.",
             "Вскрытые упаковки не принимаем; согласовано с их директором."),
        ),
        ("Как получают товар", ("Самовывоз", "Наша машина", "Транспортная компания")),
        ("Заявка с сайта", "Спасибо. Перезвоним в тот же рабочий день."),
        _PHONES["ru"],
    ),
    "tr": _Words(
        ("İnşaat", "Zamanında öder", "Sonbahar postası"),
        ("Yalnız öğleden önce arayın. Teslimat arka avludan.",
         "Teklifleri e-postayla, resimli ister."),
        ("Satın alma sorumlusu", "Muhasebe müdürü", "Müdür"),
        "Kuruluş", "depo", ("Fuar", "Web sitesi", "Tavsiye"),
        (
            ("Liman Bağlantı Elemanları", "+90 232 445 18 20", "bilgi@liman.example",
             "İki mağaza için bağlantı elemanı tedarikçisi arıyoruz."),
            ("Kuzey Marangozluk", "+90 312 418 60 11", "merhaba@kuzey.example",
             "Ahşap vidası fiyat listesi gönderir misiniz?"),
            ("Rıhtım Cam", "+90 232 463 11 08", "siparis@rihtim.example",
             "Paletle silikon satıyor musunuz?"),
            ("Bahçe Marangoz", "+90 312 440 25 16", "bilgi@bahce.example",
             "Gelecek ay 20 akülü matkap gerekiyor."),
            ("Değirmen Yapı", "+90 212 251 33 40", "satinalma@degirmen.example",
             "40 koliyi ne kadar sürede getirirsiniz?"),
        ),
        (
            ("İki koli açık geldi", "Şoför irsaliyeye yazdı.", ""),
            ("Kalite belgesini yeniden gönderin", "Denetim için gerekiyor.",
             "E-postayla gönderildi."),
            ("Son teslimatta yanlış diş", "M10 yerine M8, 3 paket.", ""),
            ("Boyanın tonu farklı", "Aynı partiden iki kova farklı; fotoğraf gönderecekler.", ""),
            ("Matkabın bakımı nerede yapılıyor", "En yakın servis nerede?", ""),
            ("Açılmış malın iadesi", "Açılmış on paketi geri getirmek istiyorlar.",
             "Açılmış paket geri alınmıyor; müdürleriyle anlaşıldı."),
        ),
        ("Malı nasıl alıyorlar", ("Kendileri alır", "Bizim kamyon", "Nakliyeci")),
        ("Siteden talep", "Teşekkürler. Aynı iş günü içinde sizi ararız."),
        _PHONES["tr"],
    ),
}  # fmt: skip


def add_customers(
    *, language: str, partners: Sequence[Counterparty], manager: User | None, now: datetime
) -> None:
    """Add roles, tags, dates, leads that wait and requests to what 1C brought."""
    words = _WORDS.get(language, _WORDS["en"])
    tags = tagging.tags_called(words.tags)
    for key in tags:
        _note("core.Tag", key)
    _describe(words, partners, manager, tags, now.date())
    _give_field(words, partners)
    taken = len(words.leads) - 1  # the last one has been accepted already
    for place, (name, phone, email, text) in enumerate(words.leads):
        lead = save_counterparty(
            values=CounterpartyValues(
                name=name, phone=phone, email=email, comment=text, source=words.sources[place % 3],
                status=CounterpartyStatus.LEAD if place == taken else CounterpartyStatus.UNSORTED,
                responsible_id=manager.pk if manager and place == taken else None,
            )
        )  # fmt: skip
        _note("counterparties.Counterparty", lead.pk)
    _requests(words, partners, manager, now)
    if manager is not None:
        _make_form(words, manager)


def _make_form(words: _Words, manager: User) -> None:
    """Make the form of the company's site by which leads come."""
    name, thanks = words.form
    fields = ("name", "phone", "email", "comment")
    made = save_form(
        values=FormValues(
            name=name, fields=fields, required=("name", "phone"), thanks=thanks,
            owner_id=manager.pk, is_active=True,
        ),
        by=manager,
    )  # fmt: skip
    _note("webforms.WebForm", made.pk)


def _describe(
    words: _Words, partners: Sequence[Counterparty], manager: User | None, tags: list[str],
    today: date,
) -> None:  # fmt: skip
    others = User.objects.filter(is_active=True, role=Role.MANAGER).order_by("created_at", "id")
    seller = others.exclude(pk=manager.pk).first() if manager else None
    for place, partner in enumerate(partners[:12]):
        mine = seller if seller and place % 3 == 2 else manager
        partner.responsible = partner.responsible or mine
        partner.tags = list(dict.fromkeys([tags[place % 3], *(tags[1:2] if place % 4 else [])]))
        partner.is_vip = place == 0
        partner.source = words.sources[place % 3]
        partner.preferences = words.preferences[place % 2] if place < 4 else ""
        partner.is_partner = place == 3
        partner.parent = partners[0] if place in (1, 2) else None
        partner.save()
    ImportantDate.objects.get_or_create(
        counterparty=partners[0], kind="anniversary", label=words.founded,
        defaults={"on": today.replace(year=today.year - 12, day=min(today.day, 28))},
    )  # fmt: skip
    for place, person in enumerate(
        ContactPerson.objects.filter(counterparty__in=partners[:6]).order_by("created_at", "id")
    ):
        name = slugify(person.full_name).replace("-", ".") or f"person{place}"
        further = [PointValues("phone", words.phones[place - 1], words.warehouse)]
        save = PersonValues(
            full_name=person.full_name, counterparty_id=person.counterparty_id,
            job_title=words.titles[place % 3], email=person.email or f"{name}@example.com",
            phone=person.phone or words.phones[place], points=further if place % 3 == 0 else [],
        )  # fmt: skip
        people.save_person(values=save, person_id=person.pk)
    first = ContactPerson.objects.filter(counterparty=partners[1]).order_by("created_at").first()
    if first is not None:
        ContactRole.objects.get_or_create(
            person=first, counterparty=partners[0], defaults={"role": words.titles[1]}
        )


def _give_field(words: _Words, partners: Sequence[Counterparty]) -> None:
    label, choices = words.delivery
    if CustomField.objects.filter(kind="counterparties", key="x_delivery").exists():
        return
    values = FieldValues(label=label, type=CustomType.CHOICE, key="x_delivery", choices=choices)
    field = add_field(kind="counterparties", values=values)
    _note("custom.CustomField", field.pk)
    for place, partner in enumerate(partners[:9]):
        partner.custom = {**partner.custom, field.key: field.choices[place % 3][0]}
        partner.save()


# What has become of each request, in how many days it is due, how many days ago it was entered.
_REQUESTS = (
    (RequestState.IN_WORK, -1, 4), (RequestState.SOLVED, -3, 6), (RequestState.NEW, 2, 2),
    (RequestState.WAITING, 1, 5), (RequestState.NEW, 3, 1), (RequestState.REJECTED, -2, 8),
)  # fmt: skip
_SERVICE, _URGENT = (1, 4), 2


def _requests(
    words: _Words, partners: Sequence[Counterparty], manager: User | None, now: datetime
) -> None:
    for place, (subject, text, done) in enumerate(words.requests):
        state, due, entered = _REQUESTS[place]
        closes = state in {RequestState.SOLVED, RequestState.REJECTED}
        due_on = timezone.localtime(now).date() + timedelta(days=due)
        made = ServiceRequest.objects.create(
            kind=RequestKind.SERVICE if place in _SERVICE else RequestKind.COMPLAINT,
            subject=subject, text=text, resolution=done,
            counterparty=partners[place % len(partners)], owner=manager, author=manager,
            state=state, is_urgent=place == _URGENT,
            due_at=timezone.make_aware(datetime.combine(due_on, time(18))),
            taken_at=None if state == RequestState.NEW else now - timedelta(days=entered, hours=-5),
            closed_at=now - timedelta(days=1) if closes else None,
        )  # fmt: skip
        ServiceRequest.objects.filter(pk=made.pk).update(
            created_at=now - timedelta(days=entered)
        )


def _note(label: str, key: UUID | str) -> None:
    DemoRecord.objects.get_or_create(label=label, object_id=key)
