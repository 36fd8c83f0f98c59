"""What to click in which configuration of 1C, in the words of its own menus.

Menu words stay Russian in every language, because that is what stands on the user's screen.
Sources:
documentation of the configurations; ``docs/admin/connect-1c.md`` tells the same at length.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from exchange.models import Configuration


@dataclass(frozen=True)
class Step:
    """One thing to do in 1C: a sentence, the path of menus and the boxes to tick."""

    text: str | Promise
    path: str = ""
    boxes: tuple[str, ...] = ()


_FIELDS = Step(
    _("Enter the address, the login and the password that stand on this page."),
    "Адрес сайта, Имя пользователя, Пароль",
)
_TEST = Step(
    _("Press the test button. This page turns green at the first contact."), "Проверить соединение"
)
_UT = (
    Step(
        _("Allow the exchange with web sites."),
        "НСИ и администрирование → Настройка интеграции → Интеграция с сайтом",
        ("Обмен с сайтами",),
    ),
    Step(_("Create an exchange node for Köprü."), "Узлы обмена с сайтами → Создать"),
    Step(
        _("Choose what is exchanged."),
        "Назначение",
        ("Выгружать товары", "Обмениваться заказами", "Выгружать остатки и цены"),
    ),
    _FIELDS,
    _TEST,
    Step(
        _(
            "Choose the price types and warehouses, then set the schedule: every 15 minutes is "
            "usual."
        ),
        "Выгрузка товаров; Расписание",
        ("Обмен по расписанию",),
    ),
    Step(_("Run the first full export."), "Выполнить обмен → Полная выгрузка"),
)
_GUIDES: dict[str, tuple[Step, ...]] = {
    Configuration.UT: _UT,
    Configuration.KA: _UT,
    Configuration.ERP: _UT,
    Configuration.RETAIL: (
        Step(
            _("Allow the exchange with web sites."),
            "Администрирование → Обмен данными → Обмен с сайтами",
            ("Обмен с сайтами",),
        ),
        *_UT[1:],
    ),
    Configuration.UNF: (
        Step(
            _("Allow the exchange with web sites."),
            "Настройки → Ещё больше возможностей → Продажи",
            ("Обмен с сайтами",),
        ),
        Step(
            _("Create a site and choose the protocol for other sites."),
            "Продажи → Обмен с сайтами → Создать → Протокол: Другая",
        ),
        _FIELDS,
        _TEST,
        Step(
            _("Choose products, price types and orders."),
            "Товары; Цены; Заказы",
            ("Выгрузка товаров на сайт", "Обмен заказами"),
        ),
        Step(_("Run the first full export, then set the schedule."), "Выполнить обмен; Расписание"),
    ),
    Configuration.BUS: (
        Step(
            _("Open the settings of the 1C-Bitrix exchange module."),
            "1С-Битрикс → Обмен с сайтом → Настройки обмена",
        ),
        _FIELDS,
        _TEST,
        Step(
            _("Choose what is exchanged."),
            "Что выгружать",
            ("Каталог товаров", "Цены и остатки", "Обмен заказами"),
        ),
        Step(_("Run the first full export."), "Выполнить обмен → Полный обмен"),
    ),
    Configuration.MOYSKLAD: (
        Step(
            _("Create a synchronisation with an online shop on CommerceML."),
            "Продажи → Каналы продаж → Интернет-магазины → CommerceML (1С-Битрикс, UMI и другие)",
        ),
        _FIELDS,
        Step(
            _("Choose what is exchanged and the price type."),
            "Параметры синхронизации",
            ("Синхронизировать товары", "Остатки", "Заказы"),
        ),
        Step(_("Start the synchronisation."), "Синхронизировать"),
    ),
    Configuration.OTHER: (
        Step(
            _(
                "Create an exchange with a site in CommerceML 2 (often called “1C-Bitrix” or "
                "“web site”)."
            )
        ),
        _FIELDS,
        Step(_("Run the exchange. This page turns green at the first contact.")),
    ),
}


def guide(kind: str) -> tuple[Step, ...]:
    """Return the steps for a configuration."""
    return _GUIDES.get(kind, _GUIDES[Configuration.OTHER])
