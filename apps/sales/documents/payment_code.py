"""The QR code a customer pays by: which one depends on the seller's account.

ГОСТ Р 56042-2014 (ST00012) for a Russian account, EPC069-12 for euros to an IBAN, and the details
as plain text for any other IBAN: TR Karekod of FAST needs a certificate of the paying bank's
network, so for Turkish lira the code only saves typing.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from decimal import Decimal

import segno
from django.utils.translation import gettext as _
from segno.helpers import make_epc_qr
from stdnum import iban

from apps.core.models import Organization
from apps.core.requisites import is_russian_account

_ST = "ST00012"


@dataclass(frozen=True)
class PaymentCode:
    """A picture and the sentence that says what it is."""

    svg: str
    caption: str
    content: str


def payment_code(
    *, organization: Organization, amount: Decimal, currency: str, purpose: str
) -> PaymentCode | None:
    """Return the code for paying this sum; ``None`` when the account allows none."""
    name = organization.full_name or organization.name
    account = organization.bank_account.replace(" ", "")
    if currency == "RUB" and is_russian_account(organization):
        content = russian(organization, name=name, amount=amount, purpose=purpose)
        code = segno.make(content, error="m", encoding="utf-8", micro=False)
        return PaymentCode(_svg(code), _("Scan in your bank's app to pay"), content)
    if not iban.is_valid(account):
        return None
    if currency == "EUR" and 0 < amount <= Decimal("999999999.99"):
        code = make_epc_qr(name=name[:70], iban=account, amount=amount, text=purpose[:140])
        return PaymentCode(_svg(code), _("SEPA payment: scan in your bank's app"), "EPC")
    content = f"{name}\n{iban.format(account)}\n{amount:f} {currency}\n{purpose}"
    code = segno.make(content, error="m", micro=False)
    return PaymentCode(_svg(code), _("IBAN, sum and purpose as text, for copying"), content)


def russian(organization: Organization, *, name: str, amount: Decimal, purpose: str) -> str:
    """Return the line of ГОСТ Р 56042-2014; the sum in kopecks, ``|`` never inside a value."""
    fields = {
        "Name": name[:160],
        "PersonalAcc": organization.bank_account.replace(" ", ""),
        "BankName": organization.bank_name[:45],
        "BIC": organization.bank_code,
        "CorrespAcc": organization.correspondent_account.replace(" ", "") or "0",
        "Sum": str(int(amount * 100)),
        "Purpose": purpose[:210],
        "PayeeINN": organization.tax_number,
        "KPP": organization.tax_reason_code,
    }
    told = [f"{key}={value.replace('|', ' ')}" for key, value in fields.items() if value]
    return "|".join([_ST, *told])


def _svg(code: segno.QRCode) -> str:
    target = io.BytesIO()
    code.save(target, kind="svg", border=0, scale=4, xmldecl=False)
    return target.getvalue().decode()
