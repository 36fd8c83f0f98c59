"""Small CommerceML files in the shapes that clients really send."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
ROOT = '<КоммерческаяИнформация ВерсияСхемы="2.07" ДатаФормирования="2026-11-20T10:00:00">'


def catalogue(
    refs: Sequence[str], *, changes_only: bool = False, classifier: bool = True, name: str = "Nail"
) -> bytes:
    """A catalogue of УТ: the first portion holds the classifier."""
    goods = "".join(
        f"<Товар><Ид>{ref}</Ид><Наименование>{name} {ref}</Наименование>"
        '<БазоваяЕдиница Код="796">шт</БазоваяЕдиница></Товар>'
        for ref in refs
    )
    head = (
        "<Классификатор><Ид>cls</Ид><Наименование>Классификатор</Наименование>"
        "<Группы><Группа><Ид>g1</Ид><Наименование>Hardware</Наименование></Группа></Группы>"
        "</Классификатор>"
        if classifier
        else ""
    )
    return (
        f"{HEAD}{ROOT}{head}"
        f'<Каталог СодержитТолькоИзменения="{str(changes_only).lower()}"><Ид>cat</Ид>'
        "<ИдКлассификатора>cls</ИдКлассификатора><Наименование>Каталог</Наименование>"
        f"<Товары>{goods}</Товары></Каталог></КоммерческаяИнформация>"
    ).encode()


def offers(prices: dict[str, str], *, changes_only: bool = False, stock: str = "5") -> bytes:
    """An offers package with one price and the sum of stock for each product."""
    body = "".join(
        f"<Предложение><Ид>{ref}</Ид><Наименование>{ref}</Наименование><Цены><Цена>"
        f"<ИдТипаЦены>retail</ИдТипаЦены><ЦенаЗаЕдиницу>{price}</ЦенаЗаЕдиницу>"
        "<Валюта>RUB</Валюта><Единица>шт</Единица><Коэффициент>1</Коэффициент></Цена></Цены>"
        f"<Количество>{stock}</Количество></Предложение>"
        for ref, price in prices.items()
    )
    return (
        f"{HEAD}{ROOT}"
        f'<ПакетПредложений СодержитТолькоИзменения="{str(changes_only).lower()}"><Ид>cat#</Ид>'
        "<Наименование>Пакет</Наименование><ИдКаталога>cat</ИдКаталога>"
        "<ИдКлассификатора>cls</ИдКлассификатора><ТипыЦен><ТипЦены><Ид>retail</Ид>"
        "<Наименование>Розничная</Наименование><Валюта>RUB</Валюта></ТипЦены></ТипыЦен>"
        f"<Предложения>{body}</Предложения></ПакетПредложений></КоммерческаяИнформация>"
    ).encode()


def directory(refs: Sequence[str], *, said: str = "") -> bytes:
    """A free directory of 1C-Bitrix; ``said`` is what it says of holding changes alone."""
    attribute = f' СодержитТолькоИзменения="{said}"' if said else ""
    entries = "".join(f"<Элемент><Ид>{ref}</Ид><UF_NAME>{ref}</UF_NAME></Элемент>" for ref in refs)
    return (
        f"{HEAD}{ROOT}<Справочники{attribute}><Справочник><Ид>brands</Ид>"
        f"<Наименование>Brands</Наименование><Элементы>{entries}</Элементы>"
        "</Справочник></Справочники></КоммерческаяИнформация>"
    ).encode()


def order(number: str, *, ref: str = "", paid: bool = False) -> bytes:
    """An order as 1C gives it back."""
    payment = (
        "<ЗначениеРеквизита><Наименование>Номер оплаты по 1С</Наименование>"
        "<Значение>ПП-7</Значение></ЗначениеРеквизита>"
        if paid
        else ""
    )
    return (
        f"{HEAD}{ROOT}<Документ><Ид>{ref or 'doc-' + number}</Ид><Номер>{number}</Номер>"
        "<Дата>2026-11-20</Дата><ХозОперация>Заказ товара</ХозОперация><Роль>Продавец</Роль>"
        "<Валюта>RUB</Валюта><Курс>1</Курс><Сумма>100.00</Сумма>"
        f"<ЗначенияРеквизитов>{payment}</ЗначенияРеквизитов></Документ></КоммерческаяИнформация>"
    ).encode()


def zipped(members: dict[str, bytes]) -> bytes:
    """An archive of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return buffer.getvalue()
