"""DaData: ЕГРЮЛ and ЕГРИП of the Russian tax service, by ИНН.

Source: DaData, «Организация по ИНН или ОГРН» (``findById/party``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from stdnum.ru import inn
from stdnum.tr import vkn

from apps.registers.models import RegisterState
from apps.registers.providers.base import WORDS, Entry, NotTold, Register, called

PATH = "/suggestions/api/4_1/rs/findById/party"
_STATES = {
    "ACTIVE": RegisterState.ACTIVE, "LIQUIDATING": RegisterState.LIQUIDATING,
    "LIQUIDATED": RegisterState.LIQUIDATED, "BANKRUPT": RegisterState.BANKRUPT,
    "REORGANIZING": RegisterState.REORGANIZING,
}  # fmt: skip
_FIELDS = {  # field of a counterparty: where it stands in the answer
    "name": ("name", "short_with_opf"),
    "full_name": ("name", "full_with_opf"),
    "tax_reason_code": ("kpp",),
    "registration_number": ("ogrn",),
    "legal_address": ("address", "value"),
}


class DaData(Register):
    """Companies and sole traders of Russia, the head office of those with branches."""

    key = "dadata"
    name = "DaData"
    country = _("Russia")
    wants_key = True
    example = "7707083893"

    def takes(self, number: str, *, currency: str) -> bool:
        """Take an ИНН; where a company counts in lira, not one that is a VKN as well."""
        is_turkish = currency == "TRY" and vkn.is_valid(number)
        return number.isdigit() and len(number) in (10, 12) and inn.is_valid(number) \
            and not is_turkish  # fmt: skip

    def ask(self, number: str, *, secret: str) -> Entry | None:
        """Return the first entry with this number; branches are not asked for."""
        asked = {"query": number, "branch_type": "MAIN"}
        answer = called(self.key, PATH, body=asked, secret=secret)
        try:
            found = [each["data"] for each in answer["suggestions"]]
        except (KeyError, TypeError) as error:
            raise NotTold(WORDS) from error
        data = next((each for each in found if _text(each, "inn") == number), None)
        if data is None:
            return None
        values = {name: _text(data, *path) for name, path in _FIELDS.items()}
        values["name"] = values["name"] or values["full_name"]
        return Entry(
            register=self.key, number=number,
            state=_STATES.get(_text(data, "state", "status"), ""),
            values={name: value for name, value in values.items() if value},
            head=_text(data, "management", "name"), activity=_text(data, "okved"),
        )  # fmt: skip


def _text(data: Any, *path: str) -> str:
    """Return a text of the answer; "" where the register has none."""
    for name in path:
        data = data.get(name) if isinstance(data, Mapping) else None
    return " ".join(str(data).split()) if data is not None else ""
