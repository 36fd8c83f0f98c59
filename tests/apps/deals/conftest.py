"""A shop with a funnel."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from apps.deals.models import Deal, LossReason, Pipeline, Stage
from apps.deals.services import save_deal
from apps.deals.services.pipelines import begin
from tests.apps.sales.conftest import NOW, Shop, shop

__all__ = ["shop"]


@dataclass
class Funnel:
    """A pipeline with the usual stages, and a shop to sell from."""

    shop: Shop
    pipeline: Pipeline

    def stage(self, name: str) -> Stage:
        return Stage.objects.get(pipeline=self.pipeline, name=name)

    @property
    def reason(self) -> LossReason:
        return LossReason.objects.order_by("position").first()

    def deal(self, name: str = "Nails for spring", **values: Any) -> Deal:
        lines = values.pop("lines", None)
        asked = {"name": name, "counterparty": self.shop.customer.pk, "amount": Decimal(500)}
        return save_deal(
            values=asked | values, lines=lines, by=self.shop.manager, now=values.pop("now", NOW)
        )


@pytest.fixture
def funnel(shop: Shop) -> Funnel:
    """Acme with something to sell, and the usual stages."""
    return Funnel(shop, begin())
