"""Letters of the demonstration: a shared box that is not read, and two weeks of what lay in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from apps.counterparties.models import ContactPerson, Counterparty
from apps.mail import services
from apps.mail.models import Mailbox, MailFolder, MailMessage
from apps.mail.parsing import Read, ReadFile

BOX = "sales@demo-trading.example"
SERVER = "mail.demo-trading.example"  # .example is nobody's: nothing is ever asked there
_SENT = "Sent"
Words = tuple[str, str, str]  # English, Russian, Turkish
_LANGUAGES = ("en", "ru", "tr")


@dataclass(frozen=True)
class _Letter:
    """One letter: whose, so many days ago, at this hour; ``answers`` is the place of another."""

    customer: int  # place among the customers; -1, -2: somebody unknown
    days: int
    hour: int
    subject: Words
    text: Words
    is_ours: bool = False
    answers: int | None = None
    has_file: bool = False


_STRANGERS: tuple[tuple[Words, str], ...] = (
    (("Helen Marsh", "Елена Маркова", "Hale Mert"), "helen@marsh-interiors.example"),
    (("Tom Reeve", "Тимур Ревин", "Turan Reis"), "office@reeve-build.example"),
)
_LETTERS = (
    _Letter(0, 12, 10,
            ("Delivery on Thursday", "Доставка в четверг", "Perşembe teslimatı"),
            ("Good morning,\n\nwill the pallet of fasteners come on Thursday before noon? Our yard"
             " is closed after lunch.",
             "Добрый день!\n\nПаллета с крепежом придёт в четверг до обеда? После обеда у нас"
             " закрыт двор.",
             "Günaydın,\n\nbağlantı elemanları paleti perşembe öğleden önce gelir mi? Öğleden sonra"
             " avlumuz kapalı.")),
    _Letter(0, 12, 12,
            ("Re: Delivery on Thursday", "Re: Доставка в четверг", "Re: Perşembe teslimatı"),
            ("Yes, the driver has you first on the round: between nine and ten.",
             "Да, вы первые в маршруте: между девятью и десятью.",
             "Evet, turda ilk sizdesiniz: dokuz ile on arasında."),
            is_ours=True, answers=0),
    _Letter(0, 11, 9,
            ("Re: Delivery on Thursday", "Re: Доставка в четверг", "Re: Perşembe teslimatı"),
            ("Perfect, thank you. The gate will be open.",
             "Отлично, спасибо. Ворота откроем.",
             "Harika, teşekkürler. Kapı açık olacak."), answers=1),
    _Letter(2, 4, 13,
            ("Certificates you asked for", "Сертификаты, которые вы просили",
             "İstediğiniz sertifikalar"),
            ("The certificates of the cordless tools are on their way to you by post as well.",
             "Сертификаты на аккумуляторный инструмент отправили вам и почтой.",
             "Akülü aletlerin sertifikaları postayla da yola çıktı."), is_ours=True),
    _Letter(5, 3, 11,
            ("Price of cable, 3 × 2.5", "Цена кабеля 3 × 2,5", "Kablo fiyatı, 3 × 2,5"),
            ("What would 400 m cost us, and how long does it take?\nWe also need clips for it.",
             "Сколько будут стоить 400 м и какой срок?\nК нему нужны и клипсы.",
             "400 m bize kaça gelir, ne kadar sürer?\nKelepçesi de lazım.")),
    _Letter(5, 3, 15,
            ("Re: Price of cable, 3 × 2.5", "Re: Цена кабеля 3 × 2,5",
             "Re: Kablo fiyatı, 3 × 2,5"),
            ("The price list is attached; from 300 m on you get 5 % off. It is in stock.",
             "Прайс-лист во вложении; от 300 м скидка 5 %. Товар в наличии.",
             "Fiyat listesi ektedir; 300 m üzerinde %5 indirim. Stokta var."),
            is_ours=True, answers=4, has_file=True),
    _Letter(3, 2, 16,
            ("Our new accountant", "Наш новый бухгалтер", "Yeni muhasebecimiz"),
            ("From Monday on please send invoices to Irina, extension 112.",
             "С понедельника отправляйте счета Ирине, доб. 112.",
             "Pazartesiden itibaren faturaları Irina'ya gönderin, dahili 112.")),
    _Letter(7, 1, 14,
            ("Two boxes came open", "Две коробки пришли вскрытыми", "İki koli açık geldi"),
            ("The driver has noted it on the delivery note. Can you replace them with the next"
             " order?",
             "Водитель отметил это в накладной. Замените со следующим заказом?",
             "Şoför irsaliyeye yazdı. Bir sonraki siparişle değiştirebilir misiniz?")),
    _Letter(-1, 1, 9,
            ("Looking for a supplier", "Ищем поставщика", "Tedarikçi arıyoruz"),
            ("We fit out shops and use about two pallets of fasteners a month. Whom may we call?",
             "Оборудуем магазины, берём около двух паллет крепежа в месяц. Кому можно позвонить?",
             "Mağaza donatıyoruz, ayda iki palet bağlantı elemanı alıyoruz. Kimi arayalım?")),
    _Letter(-2, 1, 17,
            ("Do you deliver to sites?", "Возите ли вы на стройки?",
             "Şantiyeye getiriyor musunuz?"),
            ("We need 40 buckets of paint on the third floor by the end of the month.",
             "К концу месяца нужны 40 вёдер краски на третий этаж.",
             "Ay sonuna kadar üçüncü kata 40 kova boya gerekiyor.")),
)  # fmt: skip
_FILE: Words = ("price-list.csv", "прайс-лист.csv", "fiyat-listesi.csv")
_GOODS: tuple[Words, ...] = (
    ("Cable {n} × {size}, m", "Кабель {n} × {size}, м", "Kablo {n} × {size}, m"),
    ("Clip for {n} × {size}, 100 pcs", "Клипса для {n} × {size}, 100 шт.",
     "{n} × {size} kelepçesi, 100 adet"),
)  # fmt: skip
_CORES, _SIZES = (2, 3, 4, 5), ("1.5", "2.5", "4", "6", "10", "16")
_NAMES: Words = ("Sales", "Отдел продаж", "Satış")


def bring_letters(
    partners: Sequence[Counterparty], *, language: str, note: Callable[[str, UUID], None],
    now: datetime,
) -> None:  # fmt: skip
    """Connect the box, paused, and let the letters lie in it as if they had been read."""
    if Mailbox.objects.filter(address=BOX).exists():
        return
    said = _LANGUAGES.index(language) if language in _LANGUAGES else 0
    box = Mailbox.objects.create(
        name=_NAMES[said], address=BOX, login=BOX, imap_host=SERVER, smtp_host=SERVER,
        shares_matched=True, is_paused=True, read_at=now - timedelta(hours=1),
    )  # fmt: skip
    note("mail.Mailbox", box.pk)
    read = [_read(place, letter, partners, said, now) for place, letter in enumerate(_LETTERS)]
    for name, is_ours in ((services.INBOX, False), (_SENT, True)):
        folder = MailFolder.objects.create(mailbox=box, name=name)
        found = [
            services.Fetched(place + 1, each)
            for place, each in enumerate(read)
            if _LETTERS[place].is_ours == is_ours
        ]
        services.keep(
            folder_id=folder.pk, validity=1, latest=len(read), fetched=found, now=now
        )
    for key in MailMessage.objects.filter(message_id__in=[each.message_id for each in read]):
        note("mail.MailMessage", key.pk)


def _read(
    place: int, letter: _Letter, partners: Sequence[Counterparty], said: int, now: datetime
) -> Read:
    name, address = _who(letter.customer, partners, said)
    before = _chain(letter.answers)
    day = timezone.localtime(now).date() - timedelta(days=letter.days)
    return Read(
        message_id=_identifier(place),
        sent_at=timezone.make_aware(datetime.combine(day, time(letter.hour, 10 + place))),
        subject=letter.subject[said],
        from_name=_NAMES[said] if letter.is_ours else name,
        from_address=BOX if letter.is_ours else address,
        to_addresses=(address,) if letter.is_ours else (BOX,),
        text=letter.text[said],
        references=tuple(_identifier(each) for each in before),
        files=(ReadFile(_FILE[said], _price_list(said)),) if letter.has_file else (),
    )


def _price_list(said: int) -> bytes:
    lines = [
        f"{goods[said].format(n=cores, size=size)};{cores * (place + 1) * 0.37:.2f}"
        for goods in _GOODS
        for cores in _CORES
        for place, size in enumerate(_SIZES)
    ]
    return "\n".join(lines).encode("utf-8-sig")


def _who(customer: int, partners: Sequence[Counterparty], said: int) -> tuple[str, str]:
    if customer < 0:
        names, address = _STRANGERS[-customer - 1]
        return names[said], address
    partner = partners[customer % len(partners)]
    person = ContactPerson.objects.filter(counterparty=partner).order_by("created_at", "pk").first()
    return (person.full_name if person else partner.name), partner.email.lower()


def _chain(place: int | None) -> list[int]:
    return [] if place is None else [*_chain(_LETTERS[place].answers), place]


def _identifier(place: int) -> str:
    return f"<demo-{place + 1}@demo-trading.example>"
