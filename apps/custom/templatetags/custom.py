"""Custom fields on any card and form: ``{% custom_facts "counterparties" partner %}``."""

from __future__ import annotations

from typing import Any

from django import template

from apps.core import objects
from apps.custom.forms import CustomInputs
from apps.custom.selectors import facts

register = template.Library()


@register.inclusion_tag("custom/_facts.html", takes_context=True)
def custom_facts(context: dict[str, Any], kind: str, row: Any) -> dict[str, Any]:
    """Show the values of the fields that administrators added to a kind."""
    by = context["request"].user
    grouped = context.get("grouped_fields", ())
    return {"facts": facts(objects.kind(kind), row, by=by, is_custom=True, but=grouped)}


@register.inclusion_tag("custom/_inputs.html")
def custom_inputs(inputs: CustomInputs) -> dict[str, Any]:
    """Show the inputs of those fields inside a room's own form."""
    return {"inputs": inputs}
