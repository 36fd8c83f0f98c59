"""Tags on invoices: in every door, whatever became of the invoice, and not a word of them to 1C."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from apps.accounts.models import Role, User
from apps.core import objects
from apps.core.models import BulkJob, Tag
from apps.core.tagging import tags_called
from apps.history import services as history
from apps.history.models import RowChange
from apps.sales.models import Invoice, InvoiceEvent, PaymentState
from apps.sales.services import change_invoice
from tenants.models import Company
from tests.apps.sales.conftest import NOW, Shop, make_shop
from tests.apps.sales.test_views import posted

LIST, MANY = "/invoices/", "/objects/invoices/many/?list=invoices"


@pytest.fixture
def urgent(shop: Shop) -> str:
    """The key of a tag."""
    [key] = tags_called(["Urgent"])
    return key


def put(invoice: Invoice, *tags: str) -> Invoice:
    objects.save(objects.kind("invoices"), values={"tags": list(tags)}, by=None, key=invoice.pk)
    return Invoice.objects.get(pk=invoice.pk)


def paid(invoice: Invoice) -> Invoice:
    Invoice.objects.filter(pk=invoice.pk).update(payment_state=PaymentState.PAID)
    return invoice


def test_an_invoice_is_tagged_in_its_form_and_found_by_it(
    shop: Shop, manager_client: Client
) -> None:
    """G026: a tag typed in the form stands coloured on card and list, and filters."""
    other = shop.draft()
    manager_client.post("/invoices/new/", posted(shop, ("Nail", "2", "10"), tags="Urgent, spring"))

    invoice = Invoice.objects.exclude(pk=other.pk).get()
    urgent, spring = Tag.objects.get(name="Urgent"), Tag.objects.get(name="spring")
    assert invoice.tags == [str(urgent.pk), str(spring.pk)]
    coloured = f'class="tag tag-{urgent.colour}">Urgent'
    assert coloured in manager_client.get(f"/invoices/{invoice.pk}/").content.decode()
    assert 'value="Urgent, spring"' in (
        manager_client.get(f"/invoices/{invoice.pk}/edit/").content.decode()
    )
    wanted = json.dumps(["tags", "any", str(urgent.pk)])
    listed = manager_client.get(LIST, {"cols": "number,tags", "f": wanted}).content.decode()
    assert coloured in listed
    assert str(other.pk) not in listed


def test_a_form_saved_unchanged_leaves_tags_and_version(
    shop: Shop, urgent: str, manager: User, manager_client: Client
) -> None:
    invoice = put(shop.draft(), urgent)
    line = invoice.lines.get()

    data = posted(shop, (line.name, "2", "10"), tags="urgent", version=str(invoice.version))
    manager_client.post(f"/invoices/{invoice.pk}/edit/", {
        **data, "line_id": [str(line.pk)], "line_product": [str(line.product_id)],
    })  # fmt: skip

    after = Invoice.objects.get(pk=invoice.pk)
    assert (after.tags, after.version) == ([urgent], invoice.version)


def test_who_knows_nothing_of_tags_leaves_them(shop: Shop, urgent: str) -> None:
    invoice = put(shop.draft(), urgent)

    change_invoice(
        invoice_id=invoice.pk, values=shop.values(comment="Call first"), by=shop.manager,
        version=invoice.version, now=NOW,
    )  # fmt: skip

    assert Invoice.objects.get(pk=invoice.pk).tags == [urgent]


def test_an_invoice_that_is_paid_is_still_tagged(shop: Shop, urgent: str) -> None:
    invoice = paid(shop.issued())

    after = put(invoice, urgent)

    assert after.tags == [urgent]
    assert after.version == invoice.version + 1
    assert not InvoiceEvent.objects.filter(invoice=invoice, kind="changed").exists()


def test_many_invoices_are_tagged_at_once_and_it_is_undone(
    shop: Shop, urgent: str, manager_client: Client
) -> None:
    rows = [shop.draft(), paid(shop.issued())]

    manager_client.post(MANY, {
        "id": [str(row.pk) for row in rows], "how": "add", "field": "tags", "value": urgent,
        "back": LIST,
    })  # fmt: skip

    assert list(Invoice.objects.values_list("tags", flat=True)) == [[urgent], [urgent]]
    manager_client.post(f"/jobs/{BulkJob.objects.get().pk}/undo/")
    assert list(Invoice.objects.values_list("tags", flat=True)) == [[], []]


def test_the_table_for_a_spreadsheet_names_the_tags(
    shop: Shop, urgent: str, manager_client: Client
) -> None:
    put(shop.draft(), urgent)

    table = manager_client.get(LIST, {"cols": "number,tags", "part": "csv"})

    assert "Urgent" in b"".join(table.streaming_content).decode("utf-8-sig")


def test_the_history_tells_tags_and_brings_them_back(committed: Company) -> None:
    olga = User.objects.create_user(email="olga@ladoga.example", role=Role.OWNER)
    [urgent] = tags_called(["Urgent"])
    invoice = paid(put(make_shop(olga).issued(), urgent))
    put(invoice)
    history.gather(now=NOW)
    change = RowChange.objects.filter(changed__has_key="tags").latest("pk")

    history.restore(change_id=change.pk, column="tags", by=olga.pk)

    assert Invoice.objects.get(pk=invoice.pk).tags == [urgent]


def test_another_companys_tag_is_none(
    shop: Shop, rival_owner_client: Client, urgent: str
) -> None:
    invoice = shop.draft()

    answer = rival_owner_client.post(MANY, {
        "id": [str(invoice.pk)], "how": "add", "field": "tags", "value": urgent, "back": LIST,
    })  # fmt: skip

    assert answer.status_code == 302
    assert Invoice.objects.get(pk=invoice.pk).tags == []
