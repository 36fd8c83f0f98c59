"""Customers out of the XML of 1C (CommerceML): directories of them, and those inside documents.

The conversion sets of Trade+Warehouse 7.7 write the same form. Columns are named in 1C's words, so
the mapping guesses itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from apps.imports.sources.table import Options, Unreadable, cleaned
from exchange.formats import commerceml
from exchange.rows import CounterpartyRow, DocumentRow

HEADINGS = (
    "Ид", "Наименование", "Полное наименование", "Вид", "ИНН", "КПП", "Адрес",
    "Юридический адрес", "Телефон", "Почта", "Контактное лицо",
)  # fmt: skip
_MARKS = ("КоммерческаяИнформация".encode(), "КоммерческаяИнформация".encode("cp1251"))
_PHONES = ("телефон", "phone", "тел", "моб")
_MAILS = ("почта", "mail", "e-mail")


def is_commerceml(begun: bytes) -> bool:
    """Tell whether a file is CommerceML by its first bytes."""
    return any(mark in begun for mark in _MARKS)


class OneCReader:
    """Reads the customers of a file, each once; see ``Reader``."""

    def look(self, path: str, options: Options) -> Options:
        rows = self.rows(path, options)
        next(rows)
        if next(rows, None) is None:
            raise Unreadable("no_customers")
        return replace(options, form="commerceml", head=1)

    def rows(self, path: str, options: Options) -> Iterator[list[str]]:
        yield list(HEADINGS)
        seen: set[str] = set()
        with Path(path).open("rb") as source:
            try:
                for row in commerceml.read(source, name=Path(path).name):
                    for each in _counterparties(row):
                        mark = each.ref or f"{each.tax_number}|{each.name}"
                        if mark not in seen and (each.name or each.tax_number):
                            seen.add(mark)
                            yield [cleaned(cell) for cell in _cells(each)]
            except commerceml.RefusedDocument as error:
                raise Unreadable("broken", line=error.line, what=error.reason) from None
            except commerceml.NotWellFormed as error:
                raise Unreadable("broken", line=error.line, what=error.what[:200]) from None


def _counterparties(row: object) -> tuple[CounterpartyRow, ...]:
    if isinstance(row, CounterpartyRow):
        return (row,)
    if isinstance(row, DocumentRow):
        return tuple(each for each in row.counterparties if isinstance(each, CounterpartyRow))
    return ()


def _cells(row: CounterpartyRow) -> list[str]:
    return [
        row.ref, row.name, row.full_name or row.official_name,
        "person" if row.is_person else "company", row.tax_number, row.tax_reason_code,
        row.address, row.legal_address, _contact(row, _PHONES), _contact(row, _MAILS),
        row.representatives[0] if row.representatives else "",
    ]  # fmt: skip


def _contact(row: CounterpartyRow, words: tuple[str, ...]) -> str:
    found = (c.value for c in row.contacts if any(word in c.type.lower() for word in words))
    return next(found, "")
