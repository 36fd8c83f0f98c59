"""Readers with a place of their own: each line once, whatever fails."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.catalog.models import Unit
from replication.journal import Change
from replication.models import Reader
from replication.readers import ReaderReleased, begin, read_and_advance
from tenants.models import Company

NOW = timezone.now()


def names(changes: Iterator[Change]) -> list[str]:
    return [Unit.objects.get(pk=change.key).name for change in changes]


def test_a_reader_reads_each_change_once(committed: Company) -> None:
    begin(name="history", now=NOW)
    Unit.objects.create(name="pcs")

    first = read_and_advance(name="history", take=names, now=NOW)
    second = read_and_advance(name="history", take=names, now=NOW)

    assert (first, second) == (["pcs"], [])


def test_a_reader_that_fails_reads_again(committed: Company) -> None:
    begin(name="history", now=NOW)
    Unit.objects.create(name="pcs")

    with pytest.raises(ZeroDivisionError):
        read_and_advance(name="history", take=lambda changes: 1 // 0, now=NOW)

    assert read_and_advance(name="history", take=names, now=NOW) == ["pcs"]


def test_what_a_reader_writes_itself_is_new_to_it_next_time(committed: Company) -> None:
    begin(name="mirror", now=NOW)

    read_and_advance(name="mirror", take=lambda _: Unit.objects.create(name="made"), now=NOW)

    assert read_and_advance(name="mirror", take=names, now=NOW) == ["made"]


def test_a_released_reader_has_to_begin_anew(committed: Company) -> None:
    begin(name="history", now=NOW)
    Reader.objects.update(released_at=NOW)

    with pytest.raises(ReaderReleased):
        read_and_advance(name="history", take=names, now=NOW)

    begin(name="history", now=NOW + timedelta(days=1))
    assert read_and_advance(name="history", take=names, now=NOW) == []
