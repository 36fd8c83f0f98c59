"""``./kopru bench import-file``: a file of customers through check and writing, and taken back.

100,000 lines with eight columns, as text and as the same file again (nothing new), beside the time
of reading the file alone. The target: in a minute on two cores.
"""

from __future__ import annotations

import argparse
import cProfile
import io
import pstats
import random
import time
from collections.abc import Callable
from functools import partial
from typing import Any

Figures = dict[str, Any]


def run(arguments: list[str]) -> Figures:
    """Measure, print the table and return the figures."""
    parser = argparse.ArgumentParser(prog="kopru bench import-file", description=__doc__)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--search", action="store_true", help="look for duplicates afterwards")
    parser.add_argument("--profile", action="store_true", help="tell where the time goes")
    options = parser.parse_args(arguments)
    from django_tenants.utils import tenant_context

    from apps.accounts.models import Role, User
    from tenants.services import create_company

    company = create_company(slug="bench", name="Bench")
    with tenant_context(company):
        user = User.objects.create_user(email="b@bench.example", role=Role.OWNER)
        figures = _profiled(options.profile, lambda: _measure(_file(options.lines), user, options))
    _print(figures)
    return figures


def _profiled(is_wanted: bool, work: Callable[[], Figures]) -> Figures:
    if not is_wanted:
        return work()
    profile = cProfile.Profile()
    figures = profile.runcall(work)
    pstats.Stats(profile).sort_stats("cumulative").print_stats(70)
    return figures


def _measure(data: bytes, user: Any, options: argparse.Namespace) -> Figures:
    from django.utils import timezone

    from apps.core import objects
    from apps.duplicates import services as duplicates
    from apps.imports import services
    from apps.imports.models import ImportRun

    figures: Figures = {"lines": options.lines, "bytes": len(data)}
    for name in ("first", "again"):
        run = _timed(figures, f"{name}_look", lambda: _begin(data, user))
        services.choose(run=run, mapping=run.mapping, settings=run.settings, meanings={})
        _timed(figures, f"{name}_check", partial(services.check, run=run))
        run = ImportRun.objects.select_related("by").get(pk=run.pk)
        figures[f"{name}_counts"] = run.counts
        services.start_writing(run=run, now=timezone.now())
        _timed(figures, f"{name}_write", partial(services.write, run=run))
        if name == "first":
            first = ImportRun.objects.select_related("by").get(pk=run.pk)
    if options.search:
        kind = objects.kind("counterparties")
        figures["pairs"] = _timed(
            figures, "search", lambda: duplicates.find(kind=kind, now=timezone.now())
        )
    services.start_undo(run=first)
    _timed(figures, "undo", lambda: services.undo(run=first))
    return figures


def _begin(data: bytes, user: Any) -> Any:
    from apps.imports import services

    return services.begin(
        kind="counterparties", file_name="bench.csv", source=io.BytesIO(data), size=len(data),
        by=user,
    )  # fmt: skip


def _file(lines: int) -> bytes:
    """Return customers as a file of 1251 with semicolons; one in a hundred is entered twice."""
    chance = random.Random(7)  # noqa: S311 - the same file every time, no secret
    begun = ("Север", "Юг", "Пром", "Строй", "Агро", "Метал", "Дом", "Техно")
    ended = ("сталь", "торг", "сервис", "снаб", "маш", "лес", "инвест", "монтаж")
    words = [f"{a}{b}" for a in begun for b in ended]
    text = ["Наименование;Вид;ИНН;КПП;Телефон;Эл. почта;Адрес;Комментарий"]
    name = ""
    for n in range(lines):
        if n % 100 == 99:  # the one before once more, as somebody else would write it
            text.append(f"{name.upper()};;;;8495{n // 10000:03d}{n % 10000 - 1:04d};;;")
            continue
        name = f"ООО «{chance.choice(words)} {chance.choice(words)} {n % 9973}»"
        text.append(
            f"{name};Компания;{7_700_000_000 + n};770701001;"
            f"+7 495 {n // 10000:03d}-{n % 10000:04d};"
            f"mail{n}@firm{n % 997}.example;127000, Москва, ул. Лесная, д. {n % 300};из старой базы"
        )
    return "\n".join(text).encode("windows-1251")


def _timed(figures: Figures, name: str, work: Callable[[], Any]) -> Any:
    begun = time.perf_counter()
    result = work()
    figures[name] = round(time.perf_counter() - begun, 2)
    return result


def _print(figures: Figures) -> None:
    lines = figures["lines"]
    print(f"{lines:,} lines, {figures['bytes'] / 1e6:.0f} MB")
    for name in ("first", "again"):
        parts = {step: figures[f"{name}_{step}"] for step in ("look", "check", "write")}
        total = sum(parts.values())
        told = ", ".join(f"{step} {seconds} s" for step, seconds in parts.items())
        print(f"  {name:6} {told}: {total:.1f} s, {lines / total:,.0f} lines/s"
              f"  {figures[f'{name}_counts']}")  # fmt: skip
    if "search" in figures:
        print(f"  search {figures['search']} s, {figures['pairs']:,} pairs")
    print(f"  undo   {figures['undo']} s")
