"""Quantities as people read them: in the page's language, without zeros that say nothing."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def quantity(value: Decimal | None) -> str:
    """Return 7.500 as 7.5 and 1200.000 as 1,200; nothing for nothing."""
    if value is None:
        return ""
    exponent = Decimal(value).normalize().as_tuple().exponent
    places = max(-exponent, 0) if isinstance(exponent, int) else 0
    return number_format(value, decimal_pos=places, force_grouping=True)
