"""Small pieces of reports: heads that sort, addresses without a condition, shares."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from apps.core.formats import number_text
from apps.reports.selectors import by_field
from apps.reports.selectors.sales import Ask, percent

register = template.Library()


@register.simple_tag(takes_context=True)
def sort_head(context: dict[str, Any], ask: Ask | by_field.Ask, key: str, label: str) -> SafeString:
    """Return the head of a column of figures: a link that sorts by it, the highest first."""
    if ask.is_in_time:
        return format_html('<th scope="col" class="number">{}</th>', label)
    values: QueryDict = context["request"].GET.copy()
    for name in ("page", "part"):
        values.pop(name, None)
    values["sort"] = key
    is_sorted = SafeString(' aria-sort="descending"') if ask.sort == key else ""
    return format_html(
        '<th scope="col" class="number"{}><a href="?{}">{}</a></th>', is_sorted,
        values.urlencode(), label,
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def address_without(context: dict[str, Any], name: str) -> str:
    """Return the page's own address without a parameter."""
    values: QueryDict = context["request"].GET.copy()
    for each in ("page", "part", name):
        values.pop(each, None)
    return f"?{values.urlencode()}"


@register.simple_tag
def narrowed_value(ask: Ask, name: str) -> str:
    """Return the key by which a report is narrowed."""
    return str(getattr(ask, name))


@register.simple_tag
def percent_of(part: Decimal, whole: Decimal) -> str:
    """Return a part in per cent of the whole, in words."""
    share = percent(part, whole)
    if share is None:
        return ""
    text = number_text(share, places=None)
    return gettext("%(share)s %% of the revenue") % {"share": text}
