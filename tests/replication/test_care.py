"""Care of the journal: parts by month, alarms for slow readers, nothing unread is purged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_tenants.utils import schema_context

from apps.catalog.models import Unit
from replication import care
from replication.journal import PositionTooOld, changes, current_position, require_kept
from replication.models import JournalPurge, Reader
from replication.positions import parse
from replication.readers import begin
from replication.tasks import care_for_journals
from tenants.models import Company

NOW = timezone.now()
LATER = NOW + timedelta(days=120)


@pytest.fixture(autouse=True)
def _without_parts(committed: Company) -> None:
    """Start with the default part alone, whatever a former test has made."""
    with schema_context("public"), connection.cursor() as cursor:
        for name in care._parts(cursor, committed.schema_name):
            cursor.execute(f'DROP TABLE "{committed.schema_name}"."{name}"')


def parts_with_lines() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tableoid::regclass::text, count(*) FROM replication_journal GROUP BY 1"
        )
        return dict(cursor.fetchall())


def test_lines_move_into_the_part_of_their_month(committed: Company) -> None:
    before = current_position()
    unit = Unit.objects.create(name="pcs")
    assert list(parts_with_lines()) == ["replication_journal_default"]

    care.care_for(company=committed, now=NOW)

    assert list(parts_with_lines()) == [f"replication_journal_{NOW.astimezone(UTC):%Y_%m}"]
    assert [change.key for change in changes(before)] == [unit.pk]


def test_parts_are_made_ahead_once(committed: Company) -> None:
    moment = datetime(2031, 12, 5, tzinfo=UTC)

    made = [care.make_part(schema=committed.schema_name, moment=moment) for _ in range(2)]

    assert made == [True, False]


def test_a_company_without_a_part_goes_on_writing(committed: Company) -> None:
    care.make_part(schema=committed.schema_name, moment=datetime(2031, 12, 5, tzinfo=UTC))
    before = current_position()

    Unit.objects.create(name="pcs")

    assert len(list(changes(before))) == 1


def test_what_all_have_read_is_purged_when_it_is_old(committed: Company) -> None:
    care.care_for(company=committed, now=NOW)
    old = current_position()
    Unit.objects.create(name="pcs")
    begin(name="history", now=NOW)

    care.care_for(company=committed, now=LATER)

    assert parts_with_lines() == {}
    assert JournalPurge.objects.get().lines == 1
    with pytest.raises(PositionTooOld):
        require_kept(old)
    now = parse(current_position()).xmax
    require_kept(f"{now}:{now}:")


def test_what_the_slowest_reader_has_not_read_stays(committed: Company) -> None:
    care.care_for(company=committed, now=NOW)
    begin(name="slow", now=NOW)
    slow = Reader.objects.get()
    unit = Unit.objects.create(name="pcs")
    begin(name="quick", now=NOW)

    care.care_for(company=committed, now=NOW + timedelta(days=50))

    assert [change.key for change in changes(slow.position)] == [unit.pk]
    require_kept(slow.position)


def test_a_slow_reader_is_named_long_before_it_is_released(committed: Company) -> None:
    begin(name="slow", now=NOW)
    Unit.objects.create(name="pcs")

    care.watch_readers(now=NOW + timedelta(days=4))

    reader = Reader.objects.get()
    assert (reader.lines_behind, reader.released_at) == (1, None)
    assert reader.alarmed_at == NOW + timedelta(days=4)
    assert reader.oldest_unread_at is not None


def test_a_dead_reader_is_released_and_holds_nothing(committed: Company) -> None:
    care.care_for(company=committed, now=NOW)
    begin(name="dead", now=NOW)
    Unit.objects.create(name="pcs")

    care.care_for(company=committed, now=LATER)

    assert Reader.objects.get().released_at == LATER
    assert parts_with_lines() == {}


def test_young_lines_stay_although_all_have_read_them(committed: Company) -> None:
    Unit.objects.create(name="pcs")

    care.care_for(company=committed, now=NOW)

    assert sum(parts_with_lines().values()) == 1


def test_the_hourly_job_reaches_every_company(committed: Company) -> None:
    with schema_context("public"):
        care_for_journals.delay()

    with schema_context("public"), connection.cursor() as cursor:
        assert len(care._parts(cursor, committed.schema_name)) == 2
