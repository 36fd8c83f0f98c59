"""Pipelines, stages, reasons of loss and rules of selling by the API, as on their page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django_tenants.utils import tenant_context

from apps.accounts.models import User
from apps.counterparties.models import Counterparty
from apps.deals.models import Deal, LossReason, Pipeline, Stage
from apps.deals.services import pipelines
from tenants.models import Company
from tests.apps.custom.asking import ask


@pytest.fixture
def sales(company: Company) -> Pipeline:
    return pipelines.begin()


def write(user: User, path: str, body: dict[str, Any], method: str = "PATCH") -> Any:
    return ask(user, path, method, json.dumps(body))


def in_order(pipeline: Pipeline) -> list[str]:
    stages = pipeline.stages.filter(is_archived=False).order_by("position", "id")
    return list(stages.values_list("name", flat=True))


def test_a_pipeline_is_made_with_the_usual_stages(sales: Pipeline, owner: User) -> None:
    """F140, G069: and where new deals begin there is one of them."""
    made = write(owner, "pipelines", {"name": "Service", "is_default": True}, "POST")

    pipeline = Pipeline.objects.get(pk=made.json()["id"])
    sales.refresh_from_db()
    assert (made.status_code, pipeline.is_default, sales.is_default) == (201, True, False)
    assert in_order(pipeline)[-2:] == ["Won", "Lost"]


def test_a_stage_is_added_changed_and_put_in_order(sales: Pipeline, owner: User) -> None:
    """F140: required fields, probability, when it rots; won and lost stay last."""
    made = write(owner, "stages", {
        "pipeline": str(sales.pk), "name": "Sample sent", "probability": "40",
        "rotting_days": 5, "required_fields": ["amount"],
    }, "POST")  # fmt: skip
    key = made.json()["id"]
    changed = write(owner, f"stages/{key}", {"probability": 45})
    ordered = write(owner, f"pipelines/{sales.pk}/order", {"stages": [key]}, "POST")

    told = changed.json()
    assert (made.status_code, changed.status_code, ordered.status_code) == (201, 200, 200)
    assert (told["probability"], told["rotting_days"]) == ("45", "5")
    assert told["required_fields"] == ["amount"]
    assert in_order(sales)[0] == "Sample sent"
    assert in_order(sales)[-2:] == ["Won", "Lost"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"probability": 101}, "probability"),
        ({"rotting_days": 0}, "rotting_days"),
        ({"name": " "}, "name"),
        ({"required_fields": ["moon"]}, "required_fields"),
        ({"makes": "coffee"}, "makes"),
    ],
    ids=["more than certain", "rots at once", "no name", "no such field", "no such document"],
)
def test_a_wrong_stage_is_refused(
    sales: Pipeline, owner: User, body: dict[str, Any], field: str
) -> None:
    stage = sales.stages.get(name="New")

    answer = write(owner, f"stages/{stage.pk}", body)

    after = Stage.objects.get(pk=stage.pk)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
    assert after.updated_at == stage.updated_at


def test_won_is_certain(sales: Pipeline, owner: User) -> None:
    won = sales.stages.get(kind="won")

    named = write(owner, f"stages/{won.pk}", {"name": "Signed", "probability": 100})
    doubtful = write(owner, f"stages/{won.pk}", {"probability": 90})

    won.refresh_from_db()
    assert (named.status_code, doubtful.status_code) == (200, 422)
    assert (won.name, won.probability) == ("Signed", 100)


def test_a_stage_in_which_deals_stand_is_not_taken_away(sales: Pipeline, owner: User) -> None:
    """F140: an empty one is out of use, and the deals that passed it keep it."""
    full, empty = sales.stages.get(name="New"), sales.stages.get(name="Agreed")
    customer = Counterparty.objects.create(name="Alfa", sort_name="alfa")
    Deal.objects.create(name="Nails", counterparty=customer, pipeline=sales, stage=full)

    refused = ask(owner, f"stages/{full.pk}", "DELETE")
    gone = ask(owner, f"stages/{empty.pk}", "DELETE")

    assert (refused.status_code, gone.status_code) == (422, 204)
    assert "1 deal stands" in refused.json()["detail"]
    assert in_order(sales).count("New") == 1
    assert "Agreed" not in in_order(sales)


def test_reasons_of_loss_are_put_as_a_list(sales: Pipeline, owner: User) -> None:
    """F141: one that is left out stays with its deals; one that comes back is the same."""
    before = ask(owner, "loss_reasons").json()["reasons"]
    put = write(owner, "loss_reasons", {"reasons": [{"name": "Fire"}, before[0]]})

    assert put.status_code == 200
    assert [each["name"] for each in put.json()["reasons"]] == ["Fire", before[0]["name"]]
    assert put.json()["reasons"][1]["id"] == before[0]["id"]
    assert LossReason.objects.count() == len(before) + 1


def test_rules_of_selling(sales: Pipeline, owner: User) -> None:
    """F144: the limit of discounts is a share."""
    changed = write(owner, "selling_rules", {"discount_limit": "7.5"})
    wrong = write(owner, "selling_rules", {"discount_limit": "107"})
    nothing = write(owner, "selling_rules", {"quotation_days": None})

    assert (changed.status_code, wrong.status_code, nothing.status_code) == (200, 422, 422)
    assert ask(owner, "selling_rules").json()["discount_limit"] == "7.50"


def test_a_manager_reads_the_way_of_deals_and_arranges_nothing(
    sales: Pipeline, manager: User
) -> None:
    """F219: whoever sees deals sees their stages."""
    stage = sales.stages.get(name="New")

    read = [ask(manager, path).status_code for path in ("pipelines", "stages", "loss_reasons")]
    refused = [
        write(manager, "pipelines", {"name": "Mine"}, "POST"),
        write(manager, f"stages/{stage.pk}", {"name": "Mine"}),
        write(manager, f"pipelines/{sales.pk}/order", {"stages": []}, "POST"),
        write(manager, "loss_reasons", {"reasons": []}),
        ask(manager, "selling_rules"),
        ask(manager, f"stages/{stage.pk}", "DELETE"),
    ]  # fmt: skip

    assert read == [200, 200, 200]
    assert [each.status_code for each in refused] == [403] * 6
    assert LossReason.objects.filter(is_archived=False).count() == 5


def test_stages_of_another_company_are_not_there(
    sales: Pipeline, owner: User, rival: Company
) -> None:
    with tenant_context(rival):
        theirs = pipelines.begin().stages.get(name="New").pk

    assert ask(owner, f"stages/{theirs}").status_code == 404
    assert write(owner, f"pipelines/{sales.pk}/order", {"stages": [str(theirs)]}, "POST"
                 ).status_code == 422  # fmt: skip
