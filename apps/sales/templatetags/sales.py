"""Words of the sales room in templates."""

from __future__ import annotations

from typing import Any

from django import template

from apps.sales import words
from apps.sales.models import InvoiceEvent

register = template.Library()


@register.filter
def told(event: InvoiceEvent) -> str:
    """Return what happened as a sentence."""
    return words.event_text(event)


@register.filter
def changes(event: InvoiceEvent) -> list[str]:
    """Return what 1C changed."""
    return words.changes(event)


@register.filter
def field_name(field: str) -> str:
    """Return the name of a field."""
    return words.field_text(field)


@register.filter
def as_value(value: Any, field: str) -> str:
    """Return a value of a field as people read it."""
    return words.value_text(field, value)
