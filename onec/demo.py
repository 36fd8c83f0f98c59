"""A believable trading company: what stands in the simulated 1C before anybody has worked in it.

Everything is made from short tables, in the language asked for, and is the same every time: keys
come from names, prices and stock from a seeded generator.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5

LANGUAGES = ("en", "ru", "tr")


def guid(*parts: str) -> str:
    """Return the identifier of the object that these words name; always the same one."""
    return str(uuid5(NAMESPACE_URL, "onec:" + "/".join(parts)))


@dataclass(frozen=True)
class Variant:
    """A characteristic of a product."""

    ref: str
    name: str
    values: tuple[tuple[str, str], ...]


@dataclass
class Item:
    """A product of the demonstration base."""

    ref: str
    code: str
    article: str
    name: str
    full_name: str
    description: str
    group: str
    unit_code: str
    unit_name: str
    unit_full: str
    manufacturer: str
    tax: int
    cost: Decimal
    barcode: str
    weight: Decimal
    variants: list[Variant] = field(default_factory=list)
    is_service: bool = False


@dataclass(frozen=True)
class Partner:
    """A counterparty of the demonstration base."""

    ref: str
    name: str
    full_name: str
    tax_number: str
    tax_reason_code: str
    address: str
    phone: str
    email: str
    contact: str


# Each word once for each language: English, Russian, Turkish.
_UNITS = {
    "pcs": ("796", ("pcs", "шт", "adet"), ("piece", "Штука", "Adet")),
    "pack": ("778", ("pack", "упак", "paket"), ("package", "Упаковка", "Paket")),
    "m": ("006", ("m", "м", "m"), ("metre", "Метр", "Metre")),
    "l": ("112", ("l", "л", "lt"), ("litre", "Литр", "Litre")),
    "set": ("839", ("set", "компл", "takım"), ("set", "Комплект", "Takım")),
    "hour": ("356", ("h", "ч", "sa"), ("hour", "Час", "Saat")),
}

# group → (parent, names)
_GROUPS = {
    "tools": ("", ("Tools", "Инструмент", "Aletler")),
    "power": ("tools", ("Power tools", "Электроинструмент", "Elektrikli aletler")),
    "hand": ("tools", ("Hand tools", "Ручной инструмент", "El aletleri")),
    "fasteners": ("", ("Fasteners", "Крепёж", "Bağlantı elemanları")),
    "paint": ("", ("Paints and varnishes", "Краски и лаки", "Boyalar ve vernikler")),
    "electric": ("", ("Electrical supplies", "Электротовары", "Elektrik malzemeleri")),
    "lighting": ("electric", ("Lighting", "Освещение", "Aydınlatma")),
    "wiring": ("electric", ("Wiring", "Проводка", "Kablo ve tesisat")),
    "plumbing": ("", ("Plumbing", "Сантехника", "Sıhhi tesisat")),
    "workwear": ("", ("Workwear", "Спецодежда", "İş giysileri")),
    "garden": ("", ("Garden", "Сад и огород", "Bahçe")),
    "services": ("", ("Services", "Услуги", "Hizmetler")),
}

_BRANDS = ("Torvald", "Anker-M", "Grünwerk", "Sever", "Anadolu", "Lumera", "Kvarc", "Delta Pro")

_COLOURS = (
    ("white", "белый", "beyaz"),
    ("grey", "серый", "gri"),
    ("blue", "синий", "mavi"),
    ("green", "зелёный", "yeşil"),
    ("red", "красный", "kırmızı"),
)
_SIZES = ("S", "M", "L", "XL", "XXL")
_LABELS = {
    "colour": ("Colour", "Цвет", "Renk"),
    "size": ("Size", "Размер", "Beden"),
}

# kind → group, unit, names, sizes, brands of it, cost range, variants
_KINDS: tuple[
    tuple[str, str, str, tuple[str, str, str], tuple[str, ...], int, tuple[int, int], str], ...
] = (
    (
        "drill",
        "power",
        "pcs",
        ("Hammer drill", "Дрель ударная", "Darbeli matkap"),
        ("550 W", "750 W", "900 W"),
        4,
        (2900, 9800),
        "",
    ),
    (
        "driver",
        "power",
        "pcs",
        ("Cordless drill driver", "Шуруповёрт аккумуляторный", "Akülü vidalama"),
        ("12 V", "18 V"),
        5,
        (3400, 12500),
        "",
    ),
    (
        "grinder",
        "power",
        "pcs",
        ("Angle grinder", "Углошлифовальная машина", "Avuç taşlama"),
        ("115 mm", "125 mm", "230 mm"),
        4,
        (2600, 9900),
        "",
    ),
    (
        "jigsaw",
        "power",
        "pcs",
        ("Jigsaw", "Лобзик электрический", "Dekupaj testere"),
        ("500 W", "710 W"),
        3,
        (2700, 7800),
        "",
    ),
    (
        "saw",
        "power",
        "pcs",
        ("Circular saw", "Пила дисковая", "Daire testere"),
        ("165 mm", "190 mm"),
        3,
        (4900, 13900),
        "",
    ),
    (
        "hammer",
        "hand",
        "pcs",
        ("Hammer", "Молоток", "Çekiç"),
        ("300 g", "500 g", "800 g"),
        3,
        (290, 990),
        "",
    ),
    (
        "pliers",
        "hand",
        "pcs",
        ("Combination pliers", "Пассатижи", "Pense"),
        ("160 mm", "180 mm", "200 mm"),
        3,
        (360, 1250),
        "",
    ),
    (
        "screwdriver",
        "hand",
        "set",
        ("Screwdriver set", "Набор отвёрток", "Tornavida takımı"),
        ("6", "12", "24"),
        3,
        (480, 2400),
        "",
    ),
    (
        "tape",
        "hand",
        "pcs",
        ("Measuring tape", "Рулетка", "Şerit metre"),
        ("3 m", "5 m", "10 m"),
        3,
        (140, 790),
        "",
    ),
    (
        "level",
        "hand",
        "pcs",
        ("Spirit level", "Уровень строительный", "Su terazisi"),
        ("40 cm", "60 cm", "100 cm"),
        2,
        (390, 1690),
        "",
    ),
    (
        "screws",
        "fasteners",
        "pack",
        ("Wood screws", "Саморезы по дереву", "Ahşap vidası"),
        ("3.5×25", "3.5×35", "3.5×45", "4.2×70"),
        3,
        (90, 420),
        "",
    ),
    (
        "anchors",
        "fasteners",
        "pack",
        ("Wall plugs", "Дюбели распорные", "Dübel"),
        ("6×30", "8×40", "10×50"),
        3,
        (70, 360),
        "",
    ),
    (
        "nails",
        "fasteners",
        "pack",
        ("Nails", "Гвозди строительные", "Çivi"),
        ("50 mm", "70 mm", "100 mm"),
        3,
        (110, 380),
        "",
    ),
    (
        "bolts",
        "fasteners",
        "pack",
        ("Hex bolts", "Болты шестигранные", "Altıköşe cıvata"),
        ("M6×40", "M8×50", "M10×60"),
        3,
        (160, 640),
        "",
    ),
    (
        "emulsion",
        "paint",
        "pcs",
        ("Wall paint", "Краска для стен", "Duvar boyası"),
        ("2.5 l", "9 l"),
        3,
        (790, 3900),
        "colour",
    ),
    (
        "enamel",
        "paint",
        "pcs",
        ("Enamel", "Эмаль универсальная", "Sentetik boya"),
        ("0.9 l", "2.7 l"),
        3,
        (420, 1600),
        "colour",
    ),
    (
        "varnish",
        "paint",
        "pcs",
        ("Wood varnish", "Лак для дерева", "Ahşap verniği"),
        ("0.75 l", "2.2 l"),
        3,
        (520, 1900),
        "",
    ),
    (
        "bulb",
        "lighting",
        "pcs",
        ("LED bulb", "Лампа светодиодная", "LED ampul"),
        ("7 W", "10 W", "15 W", "20 W"),
        3,
        (75, 320),
        "",
    ),
    (
        "panel",
        "lighting",
        "pcs",
        ("LED panel", "Панель светодиодная", "LED panel"),
        ("36 W", "48 W"),
        3,
        (890, 2300),
        "",
    ),
    (
        "flood",
        "lighting",
        "pcs",
        ("LED floodlight", "Прожектор светодиодный", "LED projektör"),
        ("20 W", "50 W", "100 W"),
        3,
        (460, 2900),
        "",
    ),
    (
        "cable",
        "wiring",
        "m",
        ("Copper cable", "Кабель медный", "Bakır kablo"),
        ("2×1.5", "3×1.5", "3×2.5"),
        3,
        (48, 190),
        "",
    ),
    (
        "socket",
        "wiring",
        "pcs",
        ("Wall socket", "Розетка с заземлением", "Topraklı priz"),
        ("1", "2"),
        4,
        (120, 480),
        "colour2",
    ),
    (
        "breaker",
        "wiring",
        "pcs",
        ("Circuit breaker", "Автоматический выключатель", "Otomatik sigorta"),
        ("10 A", "16 A", "25 A"),
        3,
        (190, 690),
        "",
    ),
    (
        "mixer",
        "plumbing",
        "pcs",
        ("Basin mixer", "Смеситель для раковины", "Lavabo bataryası"),
        ("standard", "high"),
        4,
        (1900, 7600),
        "",
    ),
    (
        "pipe",
        "plumbing",
        "m",
        ("Polypropylene pipe", "Труба полипропиленовая", "PPR boru"),
        ("20 mm", "25 mm", "32 mm"),
        3,
        (55, 230),
        "",
    ),
    (
        "siphon",
        "plumbing",
        "pcs",
        ("Siphon", "Сифон", "Sifon"),
        ("32 mm", "40 mm"),
        3,
        (210, 890),
        "",
    ),
    (
        "jacket",
        "workwear",
        "pcs",
        ("Work jacket", "Куртка рабочая", "İş ceketi"),
        ("summer", "winter"),
        3,
        (1400, 5200),
        "size",
    ),
    (
        "trousers",
        "workwear",
        "pcs",
        ("Work trousers", "Брюки рабочие", "İş pantolonu"),
        ("summer", "winter"),
        3,
        (1100, 3900),
        "size",
    ),
    (
        "gloves",
        "workwear",
        "pack",
        ("Work gloves", "Перчатки рабочие", "İş eldiveni"),
        ("cotton", "latex"),
        3,
        (60, 290),
        "size",
    ),
    (
        "hose",
        "garden",
        "pcs",
        ("Garden hose", "Шланг садовый", "Bahçe hortumu"),
        ("15 m", "25 m", "50 m"),
        3,
        (690, 3400),
        "",
    ),
    ("shovel", "garden", "pcs", ("Shovel", "Лопата", "Kürek"), ("A", "B"), 3, (360, 1200), ""),
    (
        "trimmer",
        "garden",
        "pcs",
        ("Grass trimmer", "Триммер садовый", "Çim biçme makinesi"),
        ("500 W", "1200 W"),
        3,
        (2900, 9900),
        "",
    ),
)
_WORDS = {
    "standard": ("standard", "стандарт", "standart"),
    "high": ("high spout", "высокий излив", "yüksek"),
    "summer": ("summer", "летняя", "yazlık"),
    "winter": ("winter", "зимняя", "kışlık"),
    "cotton": ("cotton", "хлопок", "pamuklu"),
    "latex": ("latex", "латекс", "lateks"),
}
_RU_UNITS = (
    (" W", " Вт"),
    (" V", " В"),
    (" mm", " мм"),
    (" cm", " см"),
    (" m", " м"),
    (" g", " г"),
    (" l", " л"),
    (" A", " А"),
)
_SERVICES = (
    (
        "delivery",
        ("Delivery within the city", "Доставка по городу", "Şehir içi teslimat"),
        "pcs",
        900,
    ),
    ("assembly", ("Installation work", "Монтажные работы", "Montaj işçiliği"), "hour", 1500),
)
PURCHASE = "purchase"  # what the goods cost the company itself
_PRICE_TYPES = (
    ("retail", ("Retail", "Розничная", "Perakende"), Decimal("1.45")),
    ("wholesale", ("Wholesale", "Оптовая", "Toptan"), Decimal("1.22")),
    ("dealer", ("Dealer", "Дилерская", "Bayi"), Decimal("1.12")),
    (PURCHASE, ("Purchase", "Закупочная", "Alış"), Decimal("0.98")),
)
_WAREHOUSES = (
    ("main", ("Main warehouse", "Основной склад", "Ana depo")),
    ("shop", ("Shop", "Магазин", "Mağaza")),
)
_CURRENCIES = {"en": "USD", "ru": "RUB", "tr": "TRY"}
_SCALE = {
    "USD": Decimal("0.012"),
    "RUB": Decimal(1),
    "TRY": Decimal("0.42"),
    "EUR": Decimal("0.011"),
}
_TAX = {"en": 20, "ru": 20, "tr": 20}

_PARTNERS = {
    "ru": (
        ("ООО", "Северный дом"),
        ("ООО", "СтройКомплект"),
        ("ООО", "Мастер и К"),
        ("АО", "Волгастрой"),
        ("ООО", "Уютный квартал"),
        ("ООО", "Ремонт-Сервис"),
        ("ООО", "Новый берег"),
        ("ИП", "Соколов А. В."),
        ("ООО", "ТехноСвет"),
        ("ООО", "Градстрой"),
        ("ООО", "Домовой"),
        ("АО", "Казанский завод «Элкон»"),
        ("ООО", "Вектор плюс"),
        ("ИП", "Фёдорова Е. С."),
        ("ООО", "Азимут"),
        ("ООО", "Паритет"),
        ("ООО", "ИнжПроект"),
        ("ООО", "Зелёный сад"),
        ("ООО", "Электромир"),
        ("ИП", "Гаджиев Р. М."),
    ),
    "tr": (
        ("Ltd. Şti.", "Kuzey Yapı"),
        ("A.Ş.", "Ege İnşaat"),
        ("Ltd. Şti.", "Usta Tesisat"),
        ("Ltd. Şti.", "Marmara Elektrik"),
        ("A.Ş.", "Anadolu Yapı Market"),
        ("Ltd. Şti.", "Çınar Dekorasyon"),
        ("Ltd. Şti.", "Işık Aydınlatma"),
        ("Ltd. Şti.", "Güven Hırdavat"),
        ("A.Ş.", "Körfez Lojistik"),
        ("Ltd. Şti.", "Şahin Mobilya"),
        ("Ltd. Şti.", "Öz Bahçe"),
        ("Ltd. Şti.", "Yıldız Boya"),
        ("A.Ş.", "Toros Enerji"),
        ("Ltd. Şti.", "Deniz Su Sistemleri"),
        ("Ltd. Şti.", "İpek İş Giyim"),
        ("Ltd. Şti.", "Bursa Makine"),
        ("Ltd. Şti.", "Ada Mimarlık"),
        ("A.Ş.", "Pamukkale Otelcilik"),
    ),
    "en": (
        ("Ltd", "Northgate Homes"),
        ("Ltd", "Buildright"),
        ("LLC", "Master & Sons"),
        ("Inc", "Riverside Works"),
        ("Ltd", "Cosy Quarter"),
        ("LLC", "Repair Point"),
        ("Ltd", "New Shore"),
        ("Ltd", "Falcon Trade"),
        ("Ltd", "TechLight"),
        ("LLC", "Cityframe"),
        ("Ltd", "Homestead"),
        ("Inc", "Elcon Industries"),
        ("Ltd", "Vector Plus"),
        ("Ltd", "Fern & Co"),
        ("LLC", "Azimuth"),
        ("Ltd", "Parity"),
        ("Inc", "Engineering Works"),
        ("Ltd", "Green Garden"),
        ("Ltd", "Electroworld"),
        ("LLC", "Summit"),
    ),
}
_STREETS = {
    "ru": (
        "г. Казань, ул. Баумана, д. {n}",
        "г. Самара, ул. Гагарина, д. {n}",
        "г. Москва, ул. Складская, д. {n}",
    ),
    "tr": (
        "Atatürk Cad. No: {n}, İzmir",
        "Cumhuriyet Cad. No: {n}, Bursa",
        "Sanayi Sok. No: {n}, İstanbul",
    ),
    "en": ("{n} Station Road, Leeds", "{n} Mill Lane, Bristol", "{n} Harbour Street, Hull"),
}
_PEOPLE = {
    "ru": (
        "Ирина Лаптева", "Олег Зимин", "Марат Хасанов", "Вера Соколова", "Павел Гущин",
        "Лилия Сафина", "Денис Оськин", "Тамара Крылова", "Руслан Ахметов", "Нина Жукова",
        "Егор Пахомов", "Алсу Гараева", "Виктор Лунин", "Дарья Молчанова", "Ильдар Якупов",
        "Светлана Дроздова", "Кирилл Нечаев", "Зоя Фролова", "Артём Бобров", "Галина Юдина",
    ),
    "tr": (
        "Ayşe Korkmaz", "Mehmet Arslan", "Elif Güneş", "Can Öztürk", "Zeynep Polat",
        "Burak Aksoy", "Fatma Yalçın", "Emre Doğan", "Selin Ergin", "Hakan Tekin",
        "Derya Uysal", "Kerem Bulut", "Gülay Sezer", "Onur Çetin", "Nazlı Erdem",
        "Tolga Kurt", "Sibel Avcı", "Murat Özkan", "Pınar Keskin", "Ufuk Şimşek",
    ),
    "en": (
        "Emma Hughes", "Oliver Grant", "Grace Barlow", "Harry Dawson", "Lucy Fletcher",
        "Daniel Marsh", "Chloe Turner", "Ben Whitaker", "Hannah Price", "Jack Osborne",
        "Ruth Holden", "Peter Lawson", "Amy Sutton", "George Pratt", "Nora Kendall",
        "Simon Hale", "Ella Burton", "Mark Denby", "Kate Ellison", "Leo Farrow",
    ),
}  # fmt: skip


@dataclass
class DemoBase:
    """Everything of the demonstration base, in one language."""

    language: str
    currency: str
    groups: list[tuple[str, str, str]]  # ref, parent ref, name
    items: list[Item]
    price_types: list[tuple[str, str, Decimal]]  # ref, name, factor on cost
    warehouses: list[tuple[str, str]]  # ref, name
    partners: list[Partner]


def demo_base(*, language: str = "en", currency: str = "") -> DemoBase:
    """Build the demonstration base: some three hundred products in twelve groups.

    Prices are in ``currency`` (by default the usual one of the language).
    """
    number = LANGUAGES.index(language)
    currency = currency or _CURRENCIES[language]
    return DemoBase(
        language=language,
        currency=currency,
        groups=[
            (guid("group", key), guid("group", parent) if parent else "", names[number])
            for key, (parent, names) in _GROUPS.items()
        ],
        items=list(_items(number, language, _SCALE.get(currency, Decimal(1)))),
        price_types=[
            (guid("price", key), names[number], factor) for key, names, factor in _PRICE_TYPES
        ],
        warehouses=[(guid("warehouse", key), names[number]) for key, names in _WAREHOUSES],
        partners=list(_partners(language)),
    )


def _items(number: int, language: str, scale: Decimal) -> list[Item]:
    chance = random.Random(1)  # noqa: S311  (a demonstration, the same every time)
    items: list[Item] = []
    for kind, group, unit, names, sizes, brand_count, (low, high), variants in _KINDS:
        brands = chance.sample(_BRANDS, brand_count)
        for place, size in enumerate(sizes):
            for brand in brands:
                share = Decimal(place) / max(len(sizes) - 1, 1)
                cost = (low + (high - low) * share) * Decimal(chance.randint(85, 115)) / 100
                label = _size_label(size, number, language)
                name = f"{names[number]} {brand} {label}"
                items.append(
                    _item(
                        len(items) + 1,
                        f"{kind}/{brand}/{size}",
                        group,
                        unit,
                        name,
                        brand,
                        (cost * scale),
                        _variants(variants, kind, brand, size, number),
                        number,
                        language,
                        chance,
                    )
                )
    for key, names, unit, cost_value in _SERVICES:
        item = _item(
            len(items) + 1,
            key,
            "services",
            unit,
            names[number],
            "",
            Decimal(cost_value) * scale,
            [],
            number,
            language,
            chance,
        )
        item.is_service, item.weight = True, Decimal(0)
        items.append(item)
    return items


def _item(
    serial: int,
    key: str,
    group: str,
    unit: str,
    name: str,
    brand: str,
    cost: Decimal,
    variants: list[Variant],
    number: int,
    language: str,
    chance: random.Random,
) -> Item:
    code, names, full = _UNITS[unit]
    digits = f"460{serial:09d}"
    check = (10 - sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits)) % 10) % 10
    return Item(
        ref=guid("product", key),
        code=f"00-{serial:08d}",
        article=f"{group[:2].upper()}-{serial:04d}",
        name=name,
        full_name=name,
        description="",
        group=guid("group", group),
        unit_code=code,
        unit_name=names[number],
        unit_full=full[number],
        manufacturer=brand,
        tax=_TAX[language],
        cost=cost.quantize(Decimal("0.01")),
        barcode=f"{digits}{check}",
        weight=Decimal(chance.randint(5, 600)) / 100,
        variants=variants,
    )


def _size_label(size: str, number: int, language: str) -> str:
    if size in _WORDS:
        return _WORDS[size][number]
    if language == "ru":
        for latin, cyrillic in _RU_UNITS:
            if size.endswith(latin):
                return size.removesuffix(latin).replace(".", ",") + cyrillic
    return size


def _variants(style: str, kind: str, brand: str, size: str, number: int) -> list[Variant]:
    if style == "size":
        label = _LABELS["size"][number]
        return [Variant(guid("variant", kind, brand, size, s), s, ((label, s),)) for s in _SIZES]
    if style in {"colour", "colour2"}:
        label = _LABELS["colour"][number]
        colours = _COLOURS if style == "colour" else _COLOURS[:2]
        return [
            Variant(guid("variant", kind, brand, size, c[0]), c[number], ((label, c[number]),))
            for c in colours
        ]
    return []


def _partners(language: str) -> list[Partner]:
    chance = random.Random(2)  # noqa: S311
    partners = []
    for place, (form, title) in enumerate(_PARTNERS[language]):
        if language == "ru":
            name = f"{form} «{title}»" if form != "ИП" else f"ИП {title}"
            full = (
                name.replace("ООО", "Общество с ограниченной ответственностью")
                .replace("АО", "Акционерное общество")
                .replace("ИП", "Индивидуальный предприниматель")
            )
            number = _inn(chance, 12 if form == "ИП" else 10)
            reason = "" if form == "ИП" else f"{number[:4]}01001"
        else:
            name, full = f"{title} {form}", f"{title} {form}"
            number = _vkn(chance) if language == "tr" else f"{chance.randint(10**8, 10**9 - 1)}"
            reason = ""
        street = _STREETS[language][place % 3].format(n=chance.randint(2, 120))
        pairs = "-".join(str(chance.randint(10, 99)) for _ in range(3))
        phone = {"ru": "+7 843 2", "tr": "+90 232 4", "en": "+44 113 4"}[language]
        partners.append(
            Partner(
                ref=guid("partner", language, title),
                name=name,
                full_name=full,
                tax_number=number,
                tax_reason_code=reason,
                address=street,
                phone=f"{phone}{pairs}",
                email=f"office{place + 1}@example.com",
                contact=_PEOPLE[language][place % len(_PEOPLE[language])],
            )
        )
    return partners


def _inn(chance: random.Random, length: int) -> str:
    """Return an ИНН with right check digits."""
    weights = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
    digits = [1, 6, *(chance.randint(0, 9) for _ in range(length - (3 if length == 10 else 4)))]
    for missing in range(1 if length == 10 else 2, 0, -1):
        w = weights[11 - len(digits) :] if length == 12 else weights[2:]
        digits.append(sum(a * b for a, b in zip(w, digits, strict=False)) % 11 % 10)
        del missing
    return "".join(map(str, digits))


def _vkn(chance: random.Random) -> str:
    """Return a Turkish tax number with its right check digit."""
    digits = [chance.randint(0, 9) for _ in range(9)]
    total = 0
    for place, digit in enumerate(digits):
        first = (digit + 9 - place) % 10
        second = (first * 2 ** (9 - place)) % 9
        total += 9 if first and not second else second
    return "".join(map(str, digits)) + str((10 - total % 10) % 10)
