"""Taking the demonstration away: what it brought goes, what people made with it stays."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.activities.models import Activity
from apps.catalog.models import (
    PriceType,
    Product,
    ProductGroup,
    Property,
    Unit,
)
from apps.core.models import CompanySettings, Organization, Tag
from apps.counterparties.models import Counterparty
from apps.custom.models import CustomField
from apps.custom.services import remove_unused_field
from apps.deals.models import Deal, DealLine, Quotation, QuotationLine, SalesPlan
from apps.finance.models import Payment
from apps.imports.models import ImportRun, KnownMapping
from apps.imports.services import files as import_files
from apps.inventory.models import Warehouse
from apps.mail import files as mail_files
from apps.mail.models import Mailbox, MailMessage
from apps.onboarding.models import DemoRecord
from apps.onboarding.services.letters import SERVER
from apps.reports.models import SavedReport
from apps.sales.models import Invoice, InvoiceLine, NumberSequence
from apps.webforms.models import WebForm
from exchange import files
from exchange.models import Node, UploadedFile
from replication.models import BranchNode, NodeState


@transaction.atomic
def remove_demo(*, node: Node | None) -> int:
    """Remove the demonstration; return how many of its products stayed because they are used.

    Invoices that people raised themselves stay, with the products and counterparties they name; a
    second call finds nothing to do.
    """
    _remove_activities()
    _remove_deals()
    _remove_invoices()
    kept = _remove_of_node(node) if node is not None else 0
    mine = DemoRecord.objects.filter(label="core.Organization").values("object_id")
    used = Exists(Invoice.objects.filter(organization=OuterRef("pk")))
    quoted = Exists(Quotation.objects.filter(organization=OuterRef("pk")))
    gone = Organization.objects.filter(pk__in=mine).exclude(used).exclude(quoted)
    NumberSequence.objects.filter(organization__in=gone).delete()
    gone.delete()
    offices = DemoRecord.objects.filter(label="replication.BranchNode").values("object_id")
    untouched = Q(state=NodeState.WAITING) | Q(state=NodeState.REVOKED, met_at=None)
    BranchNode.objects.filter(untouched, pk__in=offices).delete()
    _remove_letters()
    _remove_imports()
    _remove_customers()
    _remove_fields()
    DemoRecord.objects.all().delete()
    CompanySettings.objects.update_or_create(pk=1, defaults={"has_demo_data": False})
    return kept


def demo_node() -> Node | None:
    """Return the 1C of the demonstration: the one that brought its invoices back."""
    invoices = DemoRecord.objects.filter(label="sales.Invoice").values("object_id")
    found = (
        Invoice.objects.filter(pk__in=invoices, node_id__isnull=False)
        .values_list("node_id", flat=True)
        .first()
    )
    return Node.objects.filter(pk=found).first() if found else None


def _remove_activities() -> None:
    mine = DemoRecord.objects.filter(label="activities.Activity").values("object_id")
    Activity.objects.filter(pk__in=mine).delete()


def _remove_deals() -> None:
    mine = DemoRecord.objects.filter(label="deals.Deal").values("object_id")
    Deal.objects.filter(pk__in=mine).delete()
    plans = DemoRecord.objects.filter(label="deals.SalesPlan").values("object_id")
    SalesPlan.objects.filter(pk__in=plans).delete()


def _remove_invoices() -> None:
    mine = DemoRecord.objects.filter(label="sales.Invoice").values("object_id")
    Payment.objects.filter(settlements__invoice__in=mine).delete()
    Invoice.objects.filter(pk__in=mine).delete()


def _remove_customers() -> None:
    """Take the leads and tags away that nobody has used."""
    leads = DemoRecord.objects.filter(label="counterparties.Counterparty").values("object_id")
    used = Exists(Invoice.objects.filter(counterparty=OuterRef("pk")))
    Counterparty.objects.filter(pk__in=leads).exclude(used).delete()
    mine = DemoRecord.objects.filter(label="core.Tag").values_list("object_id", flat=True)
    for tag in Tag.objects.filter(pk__in=list(mine)):
        wanted = {"tags__contains": [str(tag.pk)]}
        if not Counterparty.objects.filter(**wanted).exists():
            tag.delete()


def _remove_letters() -> None:
    """Take the letters away, and the box unless somebody has made it one of their own."""
    mail_files.delete_messages(_noted("mail.MailMessage"))
    ours = Mailbox.objects.filter(pk__in=_noted("mail.Mailbox"), imap_host=SERVER)
    written = MailMessage.objects.filter(sending__mailbox__in=ours)
    mail_files.delete_messages(written.values_list("pk", flat=True))
    ours.delete()


def _remove_imports() -> None:
    """Forget the import and what it remembered, a form nobody filled in, and kept reports."""
    runs = ImportRun.objects.filter(pk__in=_noted("imports.ImportRun"))
    for name in runs.values_list("stored_as", flat=True):
        transaction.on_commit(partial(import_files.remove, name))
    runs.delete()
    KnownMapping.objects.filter(pk__in=_noted("imports.KnownMapping")).delete()
    WebForm.objects.filter(pk__in=_noted("webforms.WebForm"), posts=None).delete()
    SavedReport.objects.filter(pk__in=_noted("reports.SavedReport")).delete()


def _noted(label: str) -> QuerySet[DemoRecord, UUID]:
    return DemoRecord.objects.filter(label=label).values_list("object_id", flat=True)


def _remove_fields() -> None:
    """Take the fields away that no remaining row has a value of."""
    mine = DemoRecord.objects.filter(label="custom.CustomField").values("object_id")
    for field in CustomField.objects.filter(pk__in=mine).order_by("pk"):
        remove_unused_field(field_id=field.pk)


def _remove_of_node(node: Node) -> int:
    products = Product.objects.filter(node_id=node.pk)
    unused = products
    for lines in (InvoiceLine, DealLine, QuotationLine):
        unused = unused.exclude(Exists(lines.objects.filter(product=OuterRef("pk"))))
    unused.delete()
    kept = products.update(is_archived=True)
    used_partner = Exists(Invoice.objects.filter(counterparty=OuterRef("pk")))
    paid = Exists(Payment.objects.filter(counterparty=OuterRef("pk")))
    planned = Exists(Activity.objects.filter(counterparty=OuterRef("pk")))
    partners = Counterparty.objects.filter(node_id=node.pk)
    dealt_with = Exists(Deal.objects.filter(counterparty=OuterRef("pk")))
    strangers = partners.exclude(used_partner).exclude(paid).exclude(planned)
    strangers.exclude(dealt_with).delete()
    for model in (Warehouse, PriceType, Property, ProductGroup, Unit):
        model.objects.filter(node_id=node.pk).delete()
    stored = list(UploadedFile.objects.filter(upload__node=node, is_purged=False))
    files.remove_bytes(stored)
    node.delete()
    return kept
