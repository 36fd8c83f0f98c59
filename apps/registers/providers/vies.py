"""VIES: VAT numbers of the European Union, asked of the country that gave them.

Source: VIES REST, ``/ms/{country}/vat/{number}``. Some countries tell only whether a number is
valid, and ``---`` in place of name and address.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext_lazy as _
from stdnum.eu import vat

from apps.registers.models import RegisterState
from apps.registers.providers.base import BROKEN, WORDS, Entry, NotTold, Register, called

PATH = "/taxation_customs/vies/rest-api/ms/{country}/vat/{number}"
_ANSWERED = {"VALID", "INVALID", ""}  # other words: the country could not be asked
_NOT_TOLD = "---"


class Vies(Register):
    """Companies of the European Union by VAT number; no key is wanted."""

    key = "vies"
    name = "VIES"
    country = _("European Union")
    wants_key = False
    example = "IE6388047V"

    def takes(self, number: str, *, currency: str) -> bool:
        """Take a number that begins with its country and has the right check digits."""
        return number[:2].isalpha() and bool(vat.is_valid(number))

    def ask(self, number: str, *, secret: str) -> Entry | None:
        """Return what the country tells of a number, one that is not valid included."""
        compact = vat.compact(number)
        path = PATH.format(country=compact[:2], number=quote(compact[2:], safe=""))
        answer = called(self.key, path)
        if not isinstance(answer, Mapping) or not isinstance(answer.get("isValid"), bool):
            raise NotTold(WORDS)
        said = str(answer.get("userError") or "")
        if not answer["isValid"] and said not in _ANSWERED:
            raise NotTold(BROKEN, said)
        values = {"name": _text(answer, "name"), "legal_address": _text(answer, "address")}
        return Entry(
            register=self.key, number=number,
            state=RegisterState.ACTIVE if answer["isValid"] else RegisterState.NOT_VALID,
            values={name: value for name, value in values.items() if value},
        )  # fmt: skip


def _text(answer: Mapping[str, Any], name: str) -> str:
    told = " ".join(str(answer.get(name) or "").split())
    return "" if told == _NOT_TOLD else told
