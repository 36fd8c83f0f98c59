"""``{% url %}`` as Django has it, with addresses kept by ``apps.core.addresses``."""

from __future__ import annotations

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as parsed_url
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape

from apps.core.addresses import address

register = template.Library()


class AddressNode(URLNode):
    """An address that is not looked for twice."""

    def render(self, context: Context) -> str:
        args = [each.resolve(context) for each in self.args]
        kwargs = {name: each.resolve(context) for name, each in self.kwargs.items()}
        request = getattr(context, "request", None)
        match = getattr(request, "resolver_match", None)
        app = getattr(request, "current_app", None) or getattr(match, "namespace", None)
        try:
            found = address(self.view_name.resolve(context), args, kwargs, app)
        except NoReverseMatch:
            if self.asvar is None:
                raise
            found = ""
        if self.asvar:
            context[self.asvar] = found
            return ""
        return conditional_escape(found) if context.autoescape else found


@register.tag
def url(parser: Parser, token: Token) -> AddressNode:
    """Take what Django's tag of this name takes."""
    node = parsed_url(parser, token)
    return AddressNode(node.view_name, node.args, node.kwargs, node.asvar)
