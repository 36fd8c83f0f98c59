"""Free directories of 1C: stored as they come, looked up on a screen, nobody else's."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django_tenants.utils import tenant_context

from apps.catalog.models import DirectoryEntry
from exchange.rows import ReferenceRow
from tenants.models import Company
from tests.apps.catalog.rows import NODE, finish, run, store


def entry(ref: str, name: str = "", *, is_deleted: bool = False, **values: str) -> ReferenceRow:
    told = (("Ид", ref), ("Наименование", name), *values.items())
    return ReferenceRow("brands", "Brands", ref, told, is_deleted, 5)


def test_entries_are_kept_and_the_same_again_changes_nothing(company: Company) -> None:
    first = store(entry("b1", "Bosch", Country="Germany"), entry("b2", "Makita"))
    again = store(entry("b1", "Bosch", Country="Germany"), entry("b2", "Makita"))

    assert (first.created, again.created, again.changed, again.unchanged) == (2, 0, 0, 2)
    bosch = DirectoryEntry.objects.get(ref="b1")
    assert (bosch.directory_name, bosch.name, bosch.values) == (
        "Brands", "Bosch", {"Country": "Germany"},
    )  # fmt: skip


def test_a_mark_of_deletion_archives(company: Company) -> None:
    store(entry("b1", "Bosch"))

    store(entry("b1", "Bosch", is_deleted=True))

    assert DirectoryEntry.objects.get().is_archived


def test_a_directory_sent_whole_archives_what_it_leaves_out(company: Company) -> None:
    store(entry("b1", "Bosch"), entry("b2", "Makita"))
    DirectoryEntry.objects.create(
        node_id=NODE, directory_ref="colours", ref="c1", name="Red", directory_name="Colours"
    )
    whole = run(catalog_ref="brands")
    store(entry("b1", "Bosch"), context=whole)

    finished = finish(whole, "directory")

    assert finished.archived == 1
    assert set(DirectoryEntry.objects.filter(is_archived=True).values_list("ref", flat=True)) == {
        "b2"
    }


def test_a_whole_directory_without_entries_archives_nothing(company: Company) -> None:
    store(entry("b1", "Bosch"))

    finish(run(catalog_ref="brands"), "directory")

    assert not DirectoryEntry.objects.get().is_archived


def test_an_entry_without_identifier_is_refused_and_the_rest_is_kept(company: Company) -> None:
    stored = store(entry("", "Nobody"), entry("b1", "Bosch"))

    assert stored.created == 1
    [problem] = stored.problems
    assert (problem.line, problem.kept) == (5, "nothing")


def test_entries_are_looked_up_on_a_screen(
    company: Company,
    rival: Company,
    manager_client: Client,
    rival_owner_client: Client,
    django_assert_max_num_queries: Any,
) -> None:
    store(entry("b1", "Bosch", Country="Germany"), entry("b2", "Makita"))
    manager_client.get("/catalog/directories/")

    with django_assert_max_num_queries(12):
        page = manager_client.get("/catalog/directories/").content.decode()

    assert "Bosch" in page
    assert "Country: Germany" in page
    found = manager_client.get("/catalog/directories/?q=maki").content.decode()
    assert "Makita" in found
    assert "Bosch" not in found
    with tenant_context(rival):
        assert "Bosch" not in rival_owner_client.get("/catalog/directories/").content.decode()
