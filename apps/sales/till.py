"""The point of sale: customers by card or phone, goods by barcode, an order in one go (F113, F114).

Nothing is kept between two requests but the page itself: the basket stands in its form, and the key
of the order is made with the page, so the same page sent twice is one order. It needs no line: at
an office everything is looked up in, and written into, the office's own base.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import connection, transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.rights import covers, require, visible
from apps.catalog.models import Characteristic, PriceType, Product
from apps.catalog.selectors import Choice, choices, choices_of, default_price_type
from apps.core.folding import fold
from apps.core.models import Organization
from apps.core.searching import matching
from apps.counterparties.models import Counterparty, CounterpartyKind
from apps.counterparties.selectors import (
    CounterpartyFilter,
    counterparties,
    having_card,
    having_phone,
)
from apps.sales.models import Invoice, InvoiceStatus, TradeTerms
from apps.sales.services import InvoiceValues, LineValues, Shortage, shortages
from apps.sales.services.invoices import create_invoice, issue_invoice
from apps.sales.totals import LineTotals, document_totals, line_totals
from replication.nodes import this_office
from tenants.current import current_company

OFFERED = 8
Key = tuple[UUID, UUID | None]


class NoOrganization(Exception):
    """Nobody to sell in the name of: an organization has to be entered first."""


class NoPrice(Exception):
    """Something in the basket has no price for this customer."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True)
class Position:
    """A line of the basket with its price for this customer."""

    choice: Choice
    quantity: Decimal
    totals: LineTotals | None  # None: it has no price


@dataclass(frozen=True)
class Basket:
    """The basket, priced for a customer."""

    customer: Counterparty | None
    price_type: PriceType | None
    positions: list[Position]
    currency: str
    total: Decimal
    short: list[Shortage] = field(default_factory=list)

    @property
    def is_ready(self) -> bool:
        """Whether an order can be taken of it."""
        return bool(self.positions) and all(each.totals for each in self.positions)


@dataclass(frozen=True)
class Scanned:
    """What a scan or a search found: one thing is taken at once, several are offered."""

    customer: Counterparty | None = None
    product: Choice | None = None
    customers: Sequence[Counterparty] = ()
    products: Sequence[Choice] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether nothing was found at all."""
        return not (self.customer or self.product or self.customers or self.products)


def scan(*, code: str, price_type: PriceType | None, by: User) -> Scanned:
    """Find what was scanned or typed.

    A card number and a whole barcode, article or code stand for one thing; a phone number for a
    customer; anything else is searched among goods and customers.
    """
    code = code.strip()
    if not code:
        return Scanned()
    by_card = _seen(having_card(code), by)
    if len(by_card) == 1:
        return Scanned(customer=by_card[0])
    exact = _exact(code, price_type)
    if len(exact) == 1:
        return Scanned(product=exact[0])
    by_phone = _seen(having_phone(code, by=by), by)
    if len(by_phone) == 1 and not exact:
        return Scanned(customer=by_phone[0])
    known = [*by_card, *by_phone]
    if known or exact:
        return Scanned(customers=known[:OFFERED], products=exact[:OFFERED])
    named = visible(
        by, counterparties(CounterpartyFilter(query=code, by=by)), "counterparties.view"
    )[:OFFERED]
    return Scanned(
        customers=list(named),
        products=choices(query=code, price_type=price_type, limit=OFFERED),
    )


def _seen(found: Sequence[Counterparty], by: User) -> list[Counterparty]:
    """Keep whom the seller may see."""
    return [each for each in found if covers(by, each, "counterparties.view")]


def _exact(code: str, price_type: PriceType | None) -> list[Choice]:
    variants = Characteristic.objects.filter(barcode=code, is_archived=False)
    keys: list[Key] = [(each.product_id, each.pk) for each in variants[:OFFERED]]
    if not keys:
        found = matching(Product.objects.filter(is_archived=False), code, by=None)
        for each in found.only("article", "code", "barcode")[:50]:
            if code in (each.barcode, each.code) or fold(code) == fold(each.article):
                keys.append((each.pk, None))
    return choices_of(keys=keys, price_type=price_type)


def price_type_for(customer: Counterparty | None) -> PriceType | None:
    """Return the price type by which one sells to a customer."""
    if customer is not None:
        terms = TradeTerms.objects.select_related("price_type").filter(counterparty=customer)
        found = terms.first()
        if found is not None and found.price_type is not None and not found.price_type.is_archived:
            return found.price_type
    return default_price_type()


def basket_of(
    *, customer: Counterparty | None, lines: Sequence[tuple[Key, Decimal]], currency: str
) -> Basket:
    """Price a basket for a customer; what does not exist any more is left out."""
    price_type = price_type_for(customer)
    offered = choices_of(keys=[key for key, _quantity in lines], price_type=price_type)
    by_key = {(each.product_id, each.characteristic_id): each for each in offered}
    positions, sums = [], []
    for key, quantity in lines:
        choice = by_key.get(key)
        if choice is None:
            continue
        totals = None
        if choice.price is not None:
            totals = line_totals(
                quantity=quantity, price=choice.price, tax_rate=choice.tax_rate,
                discount_percent=Decimal(0),
                is_tax_included=price_type.is_tax_included if price_type else True,
            )  # fmt: skip
            sums.append(totals)
        positions.append(Position(choice, quantity, totals))
    asked = [(p.choice.product_id, p.choice.characteristic_id, p.quantity) for p in positions]
    return Basket(
        customer, price_type, positions, price_type.currency if price_type else currency,
        document_totals(sums).total, shortages(lines=asked),
    )  # fmt: skip


@transaction.atomic
def take_order(
    *, key: UUID, basket: Basket, comment: str, by: User, today: date, now: datetime
) -> Invoice:
    """Write the order and issue it, under the key of the page; a second time it is the same one.

    :raises NoOrganization: no organization of one's own is entered.
    :raises NoPrice: a position has no price.
    :raises NothingToIssue: the basket is empty.
    :raises NotEnoughStock: the company's setting refuses more than is free; nothing is written.
    """
    with connection.cursor() as cursor:  # two clicks at once: the second one finds the order
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(key)])
    known = Invoice.objects.filter(pk=key).first()
    if known is not None:
        require(by, "invoices.view", known)
    if known is not None and known.status != InvoiceStatus.DRAFT:
        return known
    organization = (
        Organization.objects.filter(is_archived=False).order_by("-is_default", "name", "pk").first()
    )
    if organization is None:
        raise NoOrganization
    lines = []
    for each in basket.positions:
        if each.choice.price is None:
            raise NoPrice(each.choice.name)
        lines.append(
            LineValues(
                name=each.choice.name,
                quantity=each.quantity,
                price=each.choice.price,
                product_id=each.choice.product_id,
                characteristic_id=each.choice.characteristic_id,
                article=each.choice.article,
                unit=each.choice.unit,
                tax_rate=each.choice.tax_rate,
                is_tax_rate_given=True,
            )
        )
    customer = basket.customer or retail_customer()
    values = InvoiceValues(
        counterparty_id=customer.pk, organization_id=organization.pk, issued_on=today,
        currency=basket.currency, lines=lines, due_on=today,
        price_type_id=basket.price_type.pk if basket.price_type else None,
        is_tax_included=basket.price_type.is_tax_included if basket.price_type else True,
        comment=comment, responsible_id=by.pk,
    )  # fmt: skip
    invoice = known or create_invoice(values=values, by=by, now=now, key=key)
    return issue_invoice(invoice_id=invoice.pk, by=by, now=now)


def retail_customer() -> Counterparty:
    """Return whom one sells to without asking a name: one for each office, made when needed."""
    office = this_office()
    place = str(office.pk) if office else "centre"
    key = uuid5(NAMESPACE_URL, f"kopru:retail:{current_company().pk}:{place}")
    name = _("Retail customer")
    if office is not None:
        name = f"{name} ({office.name})"
    found, _is_new = Counterparty.objects.get_or_create(
        pk=key,
        defaults={
            "name": name, "sort_name": fold(name), "kind": CounterpartyKind.PERSON,
            "office_id": office.pk if office else None,
        },
    )  # fmt: skip
    return found
