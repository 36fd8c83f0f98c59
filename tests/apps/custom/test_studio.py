"""A business fitted by its settings alone: its own pipeline, field and role."""

from __future__ import annotations

from django.test import Client

from apps.accounts.models import AccessRole, Scope
from apps.deals.models import Pipeline, Stage, StageKind
from apps.deals.services.pipelines import begin
from tenants.models import Company
from tests.apps.accounts.test_roles import ticked


def test_pipeline_stage_field_and_role_are_made_by_settings_only(
    company: Company, owner_client: Client, manager_client: Client
) -> None:
    """F242, F243: objects' fields, pipelines, stages and rights are set on screens, no restart."""
    begin()

    owner_client.post("/deals/pipelines/new/", {"name": "Rentals"})
    rentals = Pipeline.objects.get(name="Rentals")
    first = Stage.objects.filter(pipeline=rentals, kind=StageKind.OPEN).order_by("position").first()
    assert first is not None
    owner_client.post(
        f"/deals/pipelines/stages/{first.pk}/",
        {"name": "Machine is chosen", "probability": "15", "rotting_days": "4",
         "required_fields": ["expected_on"]},
    )  # fmt: skip
    owner_client.post(
        "/customization/kinds/deals/new/",
        {"label": "Length of the rental", "type": "number", "is_required": "on"},
    )
    owner_client.post(
        "/accounts/roles/new/",
        {**ticked(deals__view=Scope.OWN), "base": "manager", "name": "Rental desk"},
    )

    form = manager_client.get("/deals/new/").content.decode()
    board = manager_client.get(f"/deals/?pipeline={rentals.pk}").content.decode()
    assert "Length of the rental" in form
    assert "Machine is chosen" in form
    assert "Machine is chosen" in board
    assert Stage.objects.get(pk=first.pk).required_fields == ["expected_on"]
    assert AccessRole.objects.filter(name="Rental desk").exists()


def test_the_settings_stand_together_in_the_side_bar(
    company: Company, owner_client: Client
) -> None:
    """F242: one place leads to fields and objects, pipelines, roles, teams, modules, people."""
    page = owner_client.get("/").content.decode()
    settings = page[page.index("nav-title") :]

    for address in ("/customization/", "/deals/pipelines/", "/accounts/roles/", "/accounts/teams/",
                    "/accounts/modules/", "/accounts/people/"):  # fmt: skip
        assert f'href="{address}"' in settings
