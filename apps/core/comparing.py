"""When two values of a field mean the same thing, whoever wrote them.

One rule for imports, which look for the row a line means, and for the finder of duplicates: a
phone is its last ten digits, an e-mail address has no case, a name is folded, a number of
registers has no blanks. ``comparable`` says it of a value, ``expression`` of a column.
"""

from __future__ import annotations

import re
from typing import Any

from django.db import models
from django.db.models import F
from django.db.models.functions import Cast, Lower, Upper

from apps.core.folding import fold
from apps.core.objects import Field, ObjectKind

SHORTEST_PHONE = 7
_FROM = "ёЁİIışŞçÇğĞüÜöÖâÂîÎûÛ"
_TO = "ееiiissccgguuooaaiiuu"
_NOT_DIGITS = re.compile(r"\D")
_BLANKS = re.compile(r"\s+")


class PhoneEnd(models.Func):
    """The last ten digits of a phone number: the same however it was written."""

    template = r"right(regexp_replace(%(expressions)s, '\D', '', 'g'), 10)"
    output_field = models.CharField()


class Fold(models.Func):
    """What ``apps.core.folding.fold`` makes of a text, but for doubled blanks."""

    template = f"lower(translate(%(expressions)s, '{_FROM}', '{_TO}'))"
    output_field = models.TextField()


def folded_title(kind: ObjectKind) -> Any:
    """Return the expression of a row's folded name: the column that holds it, or the folding."""
    has_column = any(each.name == "sort_name" for each in kind.model._meta.concrete_fields)
    return F("sort_name") if has_column else Fold(kind.title)


def is_title(kind: ObjectKind, field: Field) -> bool:
    """Tell whether the field is what names a row of the kind."""
    return bool(kind.title) and field.source == kind.title


def comparable(kind: ObjectKind, field: Field, value: Any) -> str:
    """Return a value as it is compared; "" when it says too little to compare by."""
    text = str(value if value is not None else "").strip()
    if not text:
        return ""
    if field.type == "phone":
        digits = _NOT_DIGITS.sub("", text)[-10:]
        return digits if len(digits) >= SHORTEST_PHONE else ""
    if field.type == "email":
        return text.lower()
    if is_title(kind, field):
        return fold(text)[:250]
    return _BLANKS.sub("", text).upper()


def expression(kind: ObjectKind, field: Field) -> Any:
    """Return the expression whose value ``comparable`` gives for the column."""
    if field.type == "phone":
        return PhoneEnd(field.source)
    if field.type == "email":
        return Lower(field.source)
    if is_title(kind, field):
        return folded_title(kind)
    if field.type == "text" and not field.is_custom:
        return F(field.source)
    return Upper(Cast(field.source, models.TextField()))
