"""A question to the database ends, and its page says what to ask for instead."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from apps.reports import bounded
from apps.reports.bounded import TooMuch, rows_of


def test_a_question_without_end_is_stopped(
    company: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded, "LONGEST", 50)

    with pytest.raises(TooMuch), transaction.atomic():
        rows_of("SELECT pg_sleep(%s)", [5])

    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone()[0] != "50ms"


def test_a_question_has_memory_of_its_own(company: Any) -> None:
    assert rows_of("SELECT current_setting('work_mem')", []) == [("64MB",)]


@pytest.mark.parametrize("path", ["", "customers/", "promising/"])
def test_the_page_says_what_to_ask_for(
    company: Any, owner_client: Client, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def stopped(*_given: Any) -> None:
        raise TooMuch

    for module in ("sales", "customers", "promising"):
        monkeypatch.setattr(f"apps.reports.selectors.{module}.rows_of", stopped)

    answer = owner_client.get(f"/reports/{path}")

    assert answer.status_code == 503
    assert "stopped after twenty seconds" in answer.content.decode()
