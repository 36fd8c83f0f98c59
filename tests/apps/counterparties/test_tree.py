"""Whom a company can belong to: neither to itself nor to one below it."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from django.test import Client

from apps.counterparties.models import Counterparty
from tenants.models import Company


class Group(NamedTuple):
    """A holding with a daughter, whose daughter has one more; and a stranger."""

    holding: Counterparty
    daughter: Counterparty
    grandchild: Counterparty
    stranger: Counterparty


@pytest.fixture
def group(company: Company) -> Group:
    made: list[Counterparty] = []
    for name in ("North Holding", "North Trade", "North Trade Depot", "North Star"):
        parent = made[-1] if made and name != "North Star" else None
        made.append(Counterparty.objects.create(name=name, sort_name=name.lower(), parent=parent))
    return Group(*made)


@pytest.mark.parametrize(
    "address",
    [
        "/counterparties/pick/?field=parent_name&parent_name=north",
        "/objects/counterparties/choices/?q=north",
    ],
    ids=["form", "cell"],
)
def test_a_company_is_offered_neither_itself_nor_those_below_it(
    group: Group, manager_client: Client, address: str
) -> None:
    page = manager_client.get(f"{address}&above={group.daughter.pk}").content.decode()

    offered = {each for each in group if f'data-value="{each.pk}"' in page}
    assert offered == {group.holding, group.stranger}


def test_form_and_cell_ask_so(group: Group, manager_client: Client) -> None:
    form = manager_client.get(f"/counterparties/{group.daughter.pk}/edit/").content.decode()
    cell = manager_client.get(f"/objects/counterparties/{group.daughter.pk}/parent/")

    assert f'"above": "{group.daughter.pk}"' in form
    assert f"?above={group.daughter.pk}" in cell.content.decode()


def test_a_new_company_is_offered_all(group: Group, manager_client: Client) -> None:
    page = manager_client.get("/counterparties/pick/?field=q&q=north").content.decode()

    assert page.count("data-value=") == 4
    assert '"above"' not in manager_client.get("/counterparties/new/").content.decode()


def test_another_companys_key_leaves_nothing_out(
    group: Group, rival_owner_client: Client
) -> None:
    page = rival_owner_client.get(
        f"/objects/counterparties/choices/?q=north&above={group.daughter.pk}"
    )

    assert "North" not in page.content.decode()
