"""One company full of rows for all that is asked of the API's description."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.apps.api.described import SLUG, Described, described


@pytest.fixture(scope="session")
def api(django_db_setup: None, django_db_blocker: Any) -> Iterator[Described]:
    """A company full of rows, and the description of its API."""
    with django_db_blocker.unblock(), described(SLUG) as found:
        yield found
