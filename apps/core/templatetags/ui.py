"""Small pieces of screens: icons, money, quantities, moments, addresses with a changed parameter."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import template
from django.http import QueryDict
from django.templatetags.static import static
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext

from apps.core.formats import money_text, number_text

register = template.Library()


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """Return an icon of the sprite; it is decoration, the word beside it speaks."""
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
    if amount is None:
        return ""
    text = number_text(Decimal(amount).normalize(), places=None)
    return f"{text}\u00a0{unit}" if unit else text


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
def form_summary(form: Any) -> dict[str, Any]:
    """Render what is wrong with a form as a whole, with links to the fields."""
    return {"form": form}
