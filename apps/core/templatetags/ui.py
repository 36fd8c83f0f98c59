"""Small pieces of screens: icons, states, money, moments, addresses with a changed parameter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.http import QueryDict
from django.templatetags.static import static
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext

from apps.core.formats import money_text, number_text, percent_text, quantity_text

register = template.Library()


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """Return an icon of the sprite; it is decoration, the word beside it speaks."""
    return _icon(name, size)


@lru_cache(maxsize=2000)
def _icon(name: str, size: str) -> SafeString:
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"/></svg>',
        size,
        static("icons.svg"),
        name,
    )


@register.filter
def money(amount: Decimal | None, currency: str = "") -> str:
    """Return an amount as the reader's language writes it."""
    return "" if amount is None else money_text(Decimal(amount), currency)


@register.filter
def quantity(amount: Decimal | None, unit: str = "") -> str:
    """Return a quantity without trailing zeros, with its unit."""
    return "" if amount is None else quantity_text(Decimal(amount), unit)


@register.filter
def number(amount: Decimal | int | None) -> str:
    """Return a number with its groups of digits."""
    return "" if amount is None else number_text(Decimal(amount), places=None)


@register.filter
def percent(share: Decimal | int | None) -> str:
    """Return a share of a hundred as the reader's language writes it."""
    return "" if share is None else percent_text(share)


@register.filter
def day(moment: date | None) -> SafeString | str:
    """Return a date as the reader's language writes it."""
    if moment is None:
        return ""
    text = date_format(moment, "SHORT_DATE_FORMAT")
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), text)


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """Return date and time in the reader's time zone."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    text = date_format(local, "SHORT_DATETIME_FORMAT")
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), text)


@register.filter
def ago(moment: datetime | None) -> SafeString | str:
    """Return how long ago something was, the moment itself in the title."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    now = timezone.now()
    if (now - moment).total_seconds() < 60:
        text = gettext("just now")
    elif (now - moment).days >= 1:
        text = date_format(local, "SHORT_DATE_FORMAT")
    else:
        since = timesince(moment, now, depth=1)
        text = gettext("%(time)s ago") % {"time": since}
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(),
        date_format(local, "SHORT_DATETIME_FORMAT"),
        text,
    )


@register.simple_tag(takes_context=True)
def address(context: dict[str, Any], **changes: Any) -> str:
    """Return the page's own address with parameters changed; ``None`` takes one away."""
    request = context["request"]
    values: QueryDict = request.GET.copy()
    values.pop("part", None)
    for name, value in changes.items():
        if value in (None, ""):
            values.pop(name, None)
        else:
            values[name] = str(value)
    query = values.urlencode()
    return f"{request.path}?{query}" if query else str(request.path)


@register.simple_tag
def language_code() -> str:
    """Return the language of the page."""
    return translation.get_language() or "en"


@register.inclusion_tag("components/_field.html")
def field(bound: Any, hint: str = "", css: str = "") -> dict[str, Any]:
    """Render a form field with its label, hint and errors."""
    return {"field": bound, "hint": hint or bound.help_text, "css": css}


@register.inclusion_tag("components/_form_summary.html")
def form_summary(form: Any, *further: Any) -> dict[str, Any]:
    """Render what is wrong with a form as a whole, with links to the fields.

    ``further`` are the lists of forms below it (``None``: not on this page). A page without a form
    has nothing wrong.
    """
    if not form:
        return {"number": 0}
    rows = [row for each in further if each is not None for row in each.forms if row.errors]
    wrong = [(field, error) for each in (form, *rows) for field in each for error in field.errors]
    whole = [error for each in (form, *rows) for error in each.non_field_errors()]
    return {"wrong": wrong, "whole": whole, "number": sum(len(e.errors) for e in (form, *rows))}


@register.simple_tag
def status(tone: str, label: str | Promise) -> SafeString:
    """Return a state, a ring in colour and a word: good, partly, waiting, bad, running, off."""
    return format_html('<span class="status status-{}">{}</span>', tone, label)


@register.simple_tag
def avatar(name: str) -> SafeString:
    """Return the first letters of a name in a circle; the name itself stands beside it."""
    letters = "".join(word[0] for word in str(name).replace("«", " ").split()[:2])
    tone = sum(map(ord, str(name))) % 6
    return format_html(
        '<span class="avatar avatar-{}" aria-hidden="true">{}</span>', tone, letters.upper()
    )


@register.simple_tag
def copy_button(text: str, label: str) -> SafeString:
    """Return a button that copies a text; ``label`` says what it copies."""
    return format_html(
        '<button type="button" class="icon-button" data-copy="{}" data-copied-text="{}"'
        ' aria-label="{}" title="{}">{}</button>',
        text, gettext("Copied"), label, label, icon("copy", "small"),
    )  # fmt: skip


@register.simple_tag
def sparkline(values: Sequence[Decimal | float], label: str = "") -> SafeString | str:
    """Return a small line of values, oldest first; ``label`` is read out in its place."""
    if len(values) < 2:
        return ""
    low, high = float(min(values)), float(max(values))
    span = (high - low) or 1.0
    step = 100 / (len(values) - 1)
    points = " ".join(
        f"{index * step:.1f},{26 - (float(value) - low) / span * 24:.1f}"
        for index, value in enumerate(values)
    )
    return format_html(
        '<svg class="sparkline" viewBox="0 0 100 28" preserveAspectRatio="none" role="img"'
        ' aria-label="{}"><polygon points="0,28 {} 100,28"/><polyline points="{}"/></svg>',
        label, points, points,
    )  # fmt: skip


@register.inclusion_tag("components/_empty.html")
def empty(
    icon_name: str, title: str, text: str = "", url: str = "", action: str = ""
) -> dict[str, str]:
    """Render what a place says when nothing is there: one line why, one thing to do."""
    return {"icon_name": icon_name, "title": title, "text": text, "url": url, "action": action}


@register.inclusion_tag("components/_skeleton.html")
def skeleton(rows: int = 6) -> dict[str, Any]:
    """Render rows of their final height while the real ones are fetched."""
    return {"rows": range(rows)}
