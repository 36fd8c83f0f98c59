"""``{% live_meta %}``: where the page's socket is, and the position at which the page was made."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.core.live import socket_address
from replication.journal import current_position
from tenants.current import company_of_or_none

register = template.Library()


@register.simple_tag(takes_context=True)
def live_meta(context: dict[str, Any]) -> SafeString | str:
    """Return the meta element that ``live.js`` reads; nothing for people who are not signed in."""
    request = context.get("request")
    if request is None or company_of_or_none(request) is None:
        return ""
    if not request.user.is_authenticated:
        return ""
    return format_html(
        '<meta name="kopru-live" content="{}" data-position="{}">',
        socket_address(request),
        getattr(request, "live_position", None) or current_position(),
    )
