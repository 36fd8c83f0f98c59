"""Pieces of cards: phones as people read them, tags in their colours, sizes of files."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.utils.dateparse import parse_date
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.counterparties.contacts import normal_phone, region, shown_phone

register = template.Library()


@register.filter
def phone(text: str) -> str:
    """Return a phone number grouped as its country does."""
    return shown_phone(str(text or ""), country=region())


@register.filter
def dialled(text: str) -> str:
    """Return a phone number as ``tel:`` takes it."""
    return normal_phone(str(text or ""), country=region())


@register.filter
def as_day(value: str | date | None) -> date | None:
    """Return the day of a date that came as JSON."""
    return parse_date(value) if isinstance(value, str) else value


@register.simple_tag
def tag_list(tags: Any) -> SafeString:
    """Return tags as chips in their colours."""
    chips = format_html_join(
        "", '<li class="tag tag-{}">{}</li>', ((tag.colour, tag.name) for tag in tags or ())
    )
    return format_html('<ul class="tags">{}</ul>', chips) if chips else SafeString("")
