"""Rows that belong to a row, as programs name them: accounts, phones, days of a customer.

Naming a part replaces all it held. A row that names its ``id`` is the one that stands there,
however it is changed, so that 1C, offices and the history know it again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Field as Column
from django.db.models import Model
from django.utils.translation import gettext as _

from apps.core.objects import Field, Refused

ID = Field("id", "", "key")


def require(
    name: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    model: type[Model],
    known: Collection[UUID],
    most: int,
    problem: Callable[[Mapping[str, Any]], str] = lambda row: "",
) -> None:
    """Pass when the rows that were named for a part can be taken.

    They are at most ``most``, their values fit the columns of ``model``, an ``id`` is one of
    ``known`` and is named once; ``problem`` says what else is wrong with one.

    :raises Refused: with a sentence for each row that cannot be taken.
    """
    if len(rows) > most:
        raise Refused({name: [_("At most %(most)d lines.") % {"most": most}]})
    errors: list[str] = []
    seen: set[UUID] = set()
    for number, row in enumerate(rows, start=1):
        key = row.get("id")
        is_unknown = key is not None and (key not in known or key in seen)
        sentence = _("there is no such line.") if is_unknown else ""
        sentence = sentence or _too_large(model, row) or problem(row)
        if key:
            seen.add(key)
        if sentence:
            errors.append(_("Line %(number)d: %(problem)s") % {
                "number": number, "problem": sentence
            })  # fmt: skip
    if errors:
        raise Refused({name: errors})


def _too_large(model: type[Model], row: Mapping[str, Any]) -> str:
    for name, value in row.items():
        try:
            column = model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        if not isinstance(column, Column) or not isinstance(value, str):
            continue
        try:
            for validator in column.validators if value else ():
                validator(value)
        except ValidationError as error:
            return " ".join(error.messages)
    return ""
