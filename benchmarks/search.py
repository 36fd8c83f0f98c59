"""Searching a million customers from the palette: by parts of names, phones and tax numbers.

``run`` fills one company, asks as people type (prefixes of three letters and more, Latin typing of
Cyrillic, parts of phones and tax numbers, words that are nowhere) and prints the median and the
95th percentile of the whole search of counterparties, in milliseconds.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from typing import Any

from django.db import connection
from django.db.models import GeneratedField
from django_tenants.utils import schema_context, tenant_context

from apps.accounts.models import Role, User
from apps.counterparties import selectors
from apps.counterparties.models import Counterparty
from tenants.current import enter_public
from tenants.services import create_company

_FIRST = (
    "Артём", "Юрий", "Мария", "Светлана", "Işık", "Çiğdem", "Ahmet", "Olga", "Thomas", "Elena",
    "Хасан", "Gülşen", "Пётр", "Alexander", "Щукин", "Фёдор", "Nikolay", "Zeynep", "Борис", "Anna",
)  # fmt: skip
_SECOND = (
    "Ромашка", "Вектор", "Сигма", "Yapı", "Ticaret", "Строй", "Логистика", "Trade", "Кедр", "Север",
    "İnşaat", "Metal", "Волга", "Профиль", "Kağıt", "Supply", "Маяк", "Альянс", "Gıda", "Орбита",
)  # fmt: skip
_IN_LATIN = ("Artem", "isik", "cigdem", "Yuriy", "vektor", "romashka")
_FORMS = ("ООО", "ИП", "Ltd. Şti.", "A.Ş.", "АО", "Ltd")
_LETTERS = "абвгдеиклмнопрстуя"
_TABLE = "counterparties_counterparty"
_INDEXES = """
SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = %(table)s::regclass AND NOT i.indisunique
"""
_NAMES = """
SELECT (%(forms)s::text[])[1 + i %% %(n_forms)s] || ' «'
    || (%(second)s::text[])[1 + (i / 7) %% %(n_second)s]
    || (%(parts)s::text[])[1 + (i / 3) %% %(n_parts)s] || '» '
    || (%(first)s::text[])[1 + (i / 11) %% %(n_first)s] || ' '
    || (%(parts)s::text[])[1 + (i::bigint * 31) %% %(n_parts)s] AS name
"""


def run(arguments: list[str]) -> dict[str, Any]:
    """Measure; the number of customers and of searches are options."""
    parser = argparse.ArgumentParser(prog="kopru bench search")
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--searches", type=int, default=400)
    options = parser.parse_args(arguments)
    enter_public()
    company = create_company(slug="search", name="Search")
    with tenant_context(company):
        user = User.objects.create_user(email="o@search.example", role=Role.OWNER)
    began = time.perf_counter()
    _fill(company.schema_name, options.customers)
    filled = time.perf_counter() - began
    figures: dict[str, Any] = {"customers": options.customers, "filled_seconds": filled}
    with tenant_context(company):
        for name, queries in _queries(options.searches).items():
            figures[name] = _measured(user, queries)
    everything = [each for name, queries in _queries(options.searches).items() for each in queries]
    with tenant_context(company):
        figures["all"] = _measured(user, everything)
    _show(figures)
    return figures


def _fill(schema: str, count: int) -> None:
    """Write the customers as the owner of the tables, without the journal; then gather facts.

    Indexes are made after the rows, which takes a fraction of the time.
    """
    chance = random.Random(7)  # noqa: S311  (the same names each time)
    parts = ["".join(chance.choices(_LETTERS, k=5)) for _ in range(9973)]
    given: dict[str, int | list[str]] = {
        "forms": list(_FORMS), "n_forms": len(_FORMS), "first": list(_FIRST),
        "n_first": len(_FIRST), "second": list(_SECOND), "n_second": len(_SECOND), "parts": parts,
        "n_parts": len(parts),
    }  # fmt: skip
    names, values = _columns()
    with schema_context("public"), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('search_path', %s, false)", [f'"{schema}", public'])
        cursor.execute(f"ALTER TABLE {_TABLE} DISABLE TRIGGER USER")  # the journal, while filling
        cursor.execute(_INDEXES, {"table": f'"{schema}".{_TABLE}'})
        indexes = cursor.fetchall()
        for index, _definition in indexes:
            cursor.execute(f'DROP INDEX "{index}"')
        for start in range(1, count + 1, 100_000):
            cursor.execute(
                f"INSERT INTO {_TABLE} ({names}) SELECT {values}"  # noqa: S608
                f" FROM generate_series(%(start)s, %(end)s) i, LATERAL ({_NAMES}) n",
                {**given, "start": start, "end": min(start + 99_999, count)},
            )
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for _index, definition in indexes:
            cursor.execute(definition)
        cursor.execute(f"ALTER TABLE {_TABLE} ENABLE TRIGGER USER")
        cursor.execute(f"VACUUM ANALYZE {_TABLE}")
        cursor.execute("SELECT set_config('search_path', 'public', false)")


def _columns() -> tuple[str, str]:
    """Return the columns of a customer and what stands in them: of most, the model's default."""
    told = {
        "id": "gen_random_uuid()", "created_at": "now()", "updated_at": "now()", "name": "n.name",
        "sort_name": "lower(n.name)", "full_name": "n.name",
        "tax_number": "(7700000000 + i)::text", "email": "'m' || i || '@example.com'",
        "phone": "'+7 ' || (900 + i %% 99) || ' ' || lpad((i::bigint * 7919 %% 10000000)::text,"
        " 7, '0')",
    }  # fmt: skip
    for field in Counterparty._meta.concrete_fields:
        column = str(field.column)
        if column in told or isinstance(field, GeneratedField) or field.null:
            continue
        value = field.get_default()
        told[column] = (
            "'{}'" if value == {} else str(value).lower() if isinstance(value, bool)
            else "'[]'" if value == [] else f"'{value}'"
        )  # fmt: skip
    return ", ".join(told), ", ".join(told.values())


def _queries(count: int) -> dict[str, list[str]]:
    """Return what people type, by kind."""
    chance = random.Random(11)  # noqa: S311
    parts = ["".join(chance.choices(_LETTERS, k=5)) for _ in range(count)]
    numbers = [chance.randrange(1_000_000) for _ in range(count)]
    several = max(count // 8, 1)
    return {
        "three letters": [part[:3] for part in parts[:several]],
        "a word": [chance.choice(_SECOND) for _ in range(several)],
        "a name in Latin": [chance.choice(_IN_LATIN) for _ in range(several)],
        "two words": [f"{chance.choice(_SECOND)} {part[:4]}" for part in parts[:several]],
        "part of a phone": [f"{n * 7919 % 10_000_000:07}"[:6] for n in numbers[:several]],
        "a tax number": [str(7_700_000_000 + n) for n in numbers[:several]],
        "the other layout": ["ghbdtn", "dtrnjh", "hjvfirf", "rtlh"] * (several // 4 or 1),
        "nowhere": [f"zz{part}" for part in parts[:several]],
    }  # fmt: skip


def _measured(user: User, queries: list[str]) -> dict[str, float]:
    times = []
    for query in queries:
        began = time.perf_counter()
        selectors.found(user, query, 6)
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    return {
        "median_ms": statistics.median(times),
        "p95_ms": times[min(len(times) - 1, int(len(times) * 0.95))],
        "most_ms": times[-1],
    }


def _show(figures: dict[str, Any]) -> None:
    print(f"{figures['customers']:,} customers, written in {figures['filled_seconds']:.0f} s")
    print(f"{'':<20}{'median':>10}{'95 %':>10}{'most':>10}   ms")
    for name, times in figures.items():
        if isinstance(times, dict):
            print(
                f"{name:<20}{times['median_ms']:>10.1f}{times['p95_ms']:>10.1f}"
                f"{times['most_ms']:>10.1f}"
            )
