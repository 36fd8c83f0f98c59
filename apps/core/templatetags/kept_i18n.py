"""``{% load i18n %}`` as Django has it; a sentence that is always the same is translated once.

A page has some fifty of them. A sentence of a template without variables and filters depends on
the language alone, and on whether the template escapes.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import FilterExpression, Parser, Token
from django.template.context import Context
from django.templatetags import i18n
from django.utils.translation import get_language

register = template.Library()
register.tags.update(i18n.register.tags)
register.filters.update(i18n.register.filters)


class SentenceNode(i18n.TranslateNode):
    """A sentence of a template, kept in each language it was asked for."""

    def __init__(
        self, expression: FilterExpression, noop: bool, asvar: str | None = None,
        message_context: FilterExpression | None = None,
    ) -> None:  # fmt: skip
        super().__init__(expression, noop, asvar, message_context)
        self.is_fixed = expression.var.lookups is None and not expression.filters and _is_fixed(
            message_context
        )  # fmt: skip
        self.kept: dict[tuple[str | None, bool], str] = {}

    def render(self, context: Context) -> str:
        if not self.is_fixed:
            return super().render(context)
        of = (get_language(), context.autoescape)
        text = self.kept.get(of)
        if text is None:
            said = super().render(context)
            text = self.kept[of] = context[self.asvar] if self.asvar else said
        if self.asvar:
            context[self.asvar] = text
            return ""
        return text


def _is_fixed(expression: FilterExpression | None) -> bool:
    return expression is None or (isinstance(expression.var, str) and not expression.filters)


def translated(parser: Parser, token: Token) -> Any:
    """Take what Django's tag of this name takes."""
    node = i18n.do_translate(parser, token)
    return SentenceNode(node.filter_expression, node.noop, node.asvar, node.message_context)


register.tag("translate", translated)
register.tag("trans", translated)
