"""Own objects bear names of their own, whatever the case, the marks and the language."""

from __future__ import annotations

import pytest

from apps.core.objects import Refused
from apps.custom import services
from apps.custom.models import CustomObject
from tenants.models import Company


@pytest.mark.parametrize(
    ("label", "plural", "wrong"),
    [
        ("Apparatus", "EQUIPMENT", {"label_plural"}),
        ("machine", "Lathes", {"label"}),
        ("Equipment", "Lathes", {"label"}),
        ("Deal of ours", "Deals", {"label_plural"}),
        ("Счёт", "Lathes", {"label"}),
        ("Lathe", "firsatlar", {"label_plural"}),
    ],
    ids=["case", "name of one", "the other's many", "built in", "in Russian", "folded Turkish"],
)
def test_an_object_does_not_bear_the_name_of_another(
    company: Company, label: str, plural: str, wrong: set[str]
) -> None:
    services.save_object(values={"label": "Machine", "label_plural": "Equipment"})

    with pytest.raises(Refused) as refused:
        services.save_object(values={"label": label, "label_plural": plural})

    assert refused.value.errors.keys() == wrong
    assert CustomObject.objects.count() == 1


def test_a_retired_object_leaves_its_name_and_does_not_come_back_to_it(company: Company) -> None:
    names = {"label": "Machine", "label_plural": "Equipment"}
    former = services.save_object(values=names)
    services.retire_object(object_id=former.pk, is_archived=True)
    services.save_object(values=names)

    with pytest.raises(Refused):
        services.retire_object(object_id=former.pk, is_archived=False)

    assert CustomObject.objects.get(pk=former.pk).is_archived


def test_an_object_keeps_its_own_name_while_its_icon_changes(company: Company) -> None:
    made = services.save_object(values={"label": "Machine", "label_plural": "Equipment"})

    again = services.save_object(
        values={"label": "Machine", "label_plural": "Equipment", "icon": "settings"},
        object_id=made.pk,
    )

    assert again.icon == "settings"
