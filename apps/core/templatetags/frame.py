"""``{% frame "name" %}…{% endframe %}``: a part of the frame around pages, made once and kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from apps.core.frame import (
    PageFrame,
    current_mark,
    finished,
    frame_of,
    is_finished,
    open_mark,
)
from apps.core.navigation import NavLink

register = template.Library()
FEW_SETTINGS = 7  # so many stand in sight on every page


class FramePart(template.Node):
    """A part that sees nothing but the ``Frame`` of the page; see ``apps.core.frame``."""

    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name, self.nodelist = name, nodelist

    def render(self, context: Context) -> SafeString:
        given: Callable[[], PageFrame] | None = context.get("page_frame")
        page = given() if given is not None else frame_of(None)
        part = page.parts.get(self.name)
        if part is None:
            part = str(self.nodelist.render(context.new(page.parts.frame.shown())))
            page.parts[self.name] = part
        if is_finished(part):
            return SafeString(part)
        request = context.get("request")
        address = request.get_full_path() if request is not None else "/"
        token = conditional_escape(context.get("csrf_token") or "")
        return SafeString(
            finished(
                part, token=token, address=conditional_escape(address), current=page.current
            )
        )  # fmt: skip


@register.simple_tag
def current(link: NavLink) -> str:
    """Say, inside a part of the frame, that an entry leads to the page, where it does."""
    return current_mark(link)


@register.simple_tag
def unfolded(links: Iterable[NavLink]) -> str:
    """Say, inside a part of the frame, «open» for settings that are few or lead to the page."""
    found = [link for link in links if link.item.group]
    return "open" if len(found) <= FEW_SETTINGS else open_mark(found)


@register.tag
def frame(parser: Parser, token: Token) -> FramePart:
    """Keep what stands until ``{% endframe %}``; each part has a name of its own."""
    try:
        _tag, name = token.split_contents()
    except ValueError:
        raise template.TemplateSyntaxError("frame takes the name of a part") from None
    nodelist = parser.parse(("endframe",))
    parser.delete_first_token()
    return FramePart(name.strip("\"'"), nodelist)
