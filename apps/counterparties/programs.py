"""Customers and contact persons as programs read and write them: with what their forms hold below.

Accounts, further phones and addresses, days that matter, roles at other companies: lists, imports
and reports know none of them. Of a VIP customer they are as closed as phone and e-mail are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model, Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.accounts.rights import hidden_of, require, visible
from apps.core import objects, parts, requisites
from apps.core.objects import Action, Field, Refused
from apps.counterparties import contacts, kinds, leads, privacy
from apps.counterparties.contacts import PointValues
from apps.counterparties.forms import MOST_ACCOUNTS, MOST_DATES, MOST_POINTS
from apps.counterparties.models import (
    BankAccount,
    Consent,
    ContactPerson,
    ContactPoint,
    ContactRole,
    Counterparty,
    CounterpartyStatus,
    DateKind,
    ImportantDate,
    PointKind,
)
from apps.counterparties.people import RoleValues
from apps.counterparties.services import AccountValues, DateValues
from replication.nodes import offices_by_name, this_office
from tenants.audit.services import record

MOST_ROLES = 30
_CLOSED_BY = {"phone", "email"}  # hidden together, they hide every way to reach somebody
_BARE = ("number", "bank_code", "correspondent_account")

ACCOUNT = (
    parts.ID,
    Field("number", gettext_lazy("Account number or IBAN"), is_required=True),
    Field("bank_name", gettext_lazy("Bank")),
    Field("bank_code", gettext_lazy("BIC")),
    Field("correspondent_account", gettext_lazy("Correspondent account")),
)
POINT = (
    parts.ID,
    Field("kind", gettext_lazy("Kind"), "choice", choices=PointKind.choices, is_required=True),
    Field("value", gettext_lazy("Value"), is_required=True),
    Field("label", gettext_lazy("Label")),
)
DAY = (
    parts.ID,
    Field("on", gettext_lazy("Date"), "date", is_required=True),
    Field("kind", gettext_lazy("Kind"), "choice", choices=DateKind.choices),
    Field("label", gettext_lazy("What it is")),
    Field("is_yearly", gettext_lazy("every year"), "boolean"),
)
ROLE = (
    Field("counterparty", gettext_lazy("Counterparty"), "key", is_required=True),
    Field("role", gettext_lazy("Role there")),
)


# How they are read -------------------------------------------------------------------------------


def _told(row: Any, rows: Any, fields: Sequence[Field]) -> list[dict[str, Any]]:
    """Return rows of a card as programs read them; none of whom one does not see how to reach."""
    if getattr(row, "masked", frozenset()) >= _CLOSED_BY:
        return []
    found = sorted(rows, key=lambda each: (each.created_at, each.pk))
    return [{field.key: getattr(each, field.key) for field in fields} for each in found]


def _accounts(partner: Counterparty) -> list[dict[str, Any]]:
    return _told(partner, partner.bank_accounts.all(), ACCOUNT)


def _points(partner: Counterparty) -> list[dict[str, Any]]:
    return _told(partner, [each for each in partner.points.all() if not each.person_id], POINT)


def _points_of_person(person: ContactPerson) -> list[dict[str, Any]]:
    return _told(person, person.points.all(), POINT)


def _days(partner: Counterparty) -> list[dict[str, Any]]:
    return _told(partner, partner.dates.all(), DAY)


def _roles(person: ContactPerson) -> list[dict[str, Any]]:
    found = sorted(person.roles.all(), key=lambda each: (each.created_at, each.pk))
    return [{"counterparty": each.counterparty_id, "role": each.role} for each in found]


_POINTS = partial(
    Field, "points", gettext_lazy("Further phones, e-mails and addresses"), "rows", parts=POINT,
    is_filterable=False,
)  # fmt: skip
PARTS = (
    Field("office", gettext_lazy("Served by"), "key", path="office_id",
          help=gettext_lazy("The branch office; without one, the centre.")),
    Field("rejected_because", gettext_lazy("Reason for declining"), is_writable=False),
    Field("bank_accounts", gettext_lazy("Bank accounts"), "rows", parts=ACCOUNT, read=_accounts,
          is_filterable=False),
    _POINTS(read=_points),
    Field("dates", gettext_lazy("Important dates"), "rows", parts=DAY, read=_days,
          is_filterable=False),
)  # fmt: skip
PERSON_PARTS = (
    _POINTS(read=_points_of_person),
    Field("roles", gettext_lazy("Roles at other companies"), "rows", parts=ROLE, read=_roles,
          is_filterable=False),
)  # fmt: skip


CONSENT = (
    parts.ID,
    Field("given_on", gettext_lazy("given on"), "date"),
    Field("text_version", gettext_lazy("text and version")),
    Field("channel", gettext_lazy("how it was given")),
    Field("withdrawn_on", gettext_lazy("withdrawn on"), "date"),
)


def _consents(row: Counterparty | ContactPerson) -> list[dict[str, Any]]:
    person = row.pk if isinstance(row, ContactPerson) else None
    found = [each for each in row.consents.all() if each.person_id == person]
    found.sort(key=lambda each: (each.given_on, each.pk), reverse=True)
    return [{field.key: getattr(each, field.key) for field in CONSENT} for each in found]


_CONSENTS = Field(
    "consents", gettext_lazy("Consents"), "rows", parts=CONSENT, read=_consents,
    is_writable=False, is_filterable=False,
)  # fmt: skip


# How they are written ----------------------------------------------------------------------------


@transaction.atomic
def save(
    *,
    values: Mapping[str, Any],
    by: Any,
    key: UUID | None = None,
    seen: datetime | None = None,
) -> Counterparty:
    """Make a counterparty or bring one to these values, parts too; see ``core.objects.Save``."""
    taken = dict(values)
    partner = Counterparty.objects.filter(pk=key).first() if key else None
    _require_open(partner, values.keys() & {"bank_accounts", "points", "dates"}, by)
    if "bank_accounts" in taken:
        held = list(partner.bank_accounts.all()) if partner else []
        taken["bank_accounts"] = _account_values(taken["bank_accounts"] or (), held)
    if "points" in taken:
        held_points = list(partner.points.filter(person=None)) if partner else []
        taken["points"] = _point_values(taken["points"] or (), held_points)
    if "dates" in taken:
        held_days = set(partner.dates.values_list("pk", flat=True)) if partner else set()
        taken["dates"] = _day_values(taken["dates"] or (), held_days)
    if "office" in taken:
        office = taken.pop("office")
        taken["office_id"] = _office(office, partner.office_id if partner else None)
    return kinds.save(values=taken, by=by, key=key, seen=seen)


@transaction.atomic
def save_person(
    *,
    values: Mapping[str, Any],
    by: Any,
    key: UUID | None = None,
    seen: datetime | None = None,
) -> ContactPerson:
    """Make a contact person or bring one to these values, parts too; see ``core.objects.Save``."""
    taken = dict(values)
    person = ContactPerson.objects.filter(pk=key).first() if key else None
    _require_open(person, values.keys() & {"points"}, by)
    if "points" in taken:
        held = list(person.points.all()) if person else []
        taken["points"] = _point_values(taken["points"] or (), held)
    if "roles" in taken:
        taken["roles"] = _role_values(taken["roles"] or (), person, by)
    return kinds.save_person(values=taken, by=by, key=key, seen=seen)


def _require_open(row: Model | None, names: Any, by: Any) -> None:
    """Pass when a person sees how to reach whoever it is: what one does not see stays as it is."""
    if row is None or by is None or not names or not hidden_of(by, row) >= _CLOSED_BY:
        return
    raise Refused({name: [_("This field is not written here.")] for name in names})


def _account_values(
    given: Sequence[Mapping[str, Any]], held: Sequence[BankAccount]
) -> list[AccountValues]:
    known = {each.pk: tuple(getattr(each, name) for name in _BARE) for each in held}
    numbers: set[str] = set()

    def problem(row: Mapping[str, Any]) -> str:
        bare = _bare(row)
        if not bare["number"]:
            return _("an account has a number.")
        if bare["number"] in numbers:
            return _("this number stands twice.")
        numbers.add(bare["number"])
        if tuple(bare.values()) in known.values():
            return ""  # as it stands: 1C is not asked for check digits
        return " ".join(requisites.problems_of_account(**bare).values())

    parts.require(
        "bank_accounts", given, model=BankAccount, known=known, most=MOST_ACCOUNTS, problem=problem
    )
    return [
        AccountValues(**_bare(row), bank_name=row.get("bank_name") or "", key=row.get("id"))
        for row in given
    ]


def _bare(row: Mapping[str, Any]) -> dict[str, str]:
    return {name: "".join(str(row.get(name) or "").split()) for name in _BARE}


def _point_values(
    given: Sequence[Mapping[str, Any]], held: Sequence[ContactPoint]
) -> list[PointValues]:
    known = {each.pk: (each.kind, each.value) for each in held}

    def problem(row: Mapping[str, Any]) -> str:
        if not row["value"]:
            return _("a value is missing.")
        is_as_before = (row["kind"], row["value"]) in known.values()
        return "" if is_as_before else contacts.problem(row["kind"], row["value"])

    parts.require(
        "points", given, model=ContactPoint, known=known, most=MOST_POINTS, problem=problem
    )
    return [
        PointValues(row["kind"], row["value"], row.get("label") or "", key=row.get("id"))
        for row in given
    ]


def _day_values(given: Sequence[Mapping[str, Any]], held: set[UUID]) -> list[DateValues]:
    parts.require("dates", given, model=ImportantDate, known=held, most=MOST_DATES)
    return [
        DateValues(
            row["on"], row.get("kind") or DateKind.BIRTHDAY, row.get("label") or "",
            bool(row.get("is_yearly", True)), key=row.get("id"),
        )
        for row in given
    ]  # fmt: skip


def _role_values(
    given: Sequence[Mapping[str, Any]], person: ContactPerson | None, by: Any
) -> list[RoleValues]:
    """Return the roles: at companies that the person sees, or where one has a role already."""
    keys = {row["counterparty"] for row in given}
    there = set(person.roles.values_list("counterparty_id", flat=True)) if person else set()
    asked = Counterparty.objects.filter(pk__in=keys - there)
    seen = visible(by, asked, "counterparties.view") if by is not None else asked
    there |= set(seen.order_by().values_list("pk", flat=True))

    def problem(row: Mapping[str, Any]) -> str:
        return "" if row["counterparty"] in there else _("there is no such company.")

    parts.require("roles", given, model=ContactRole, known=(), most=MOST_ROLES, problem=problem)
    told = {row["counterparty"]: row.get("role") or "" for row in given}
    return [RoleValues(key, role) for key, role in told.items()]


def _office(office: UUID | None, before: UUID | None) -> UUID | None:
    if office == before:
        return office
    if this_office() is not None:
        raise Refused({"office": [_("This field is not written here.")]})
    if office is not None and office not in offices_by_name():
        raise Refused({"office": [_("There is no such object.")]})
    return office


# What is done with them --------------------------------------------------------------------------


def _go_on(*, key: UUID, values: Mapping[str, Any], by: Any) -> Counterparty:
    """Let a lead go on: accept, qualify, make a customer, decline."""
    try:
        leads.move(
            keys=[key], to=values.get("status") or "", by=by, reason=values.get("reason") or ""
        )
    except leads.NoSuchWay:
        sentence = _("It does not go there from where it stands. Nothing changed.")
        raise Refused({"status": [sentence]}) from None
    return Counterparty.objects.get(pk=key)


def _consent(model: type[Counterparty] | type[ContactPerson]) -> Callable[..., Model]:
    def run(*, key: UUID, values: Mapping[str, Any], by: Any) -> Model:
        """Note that a person agreed: on which day, to which text, and how."""
        text = values.get("text_version") or ""
        if values.get("given_on") is None or not text:
            sentence = _("A consent has a day and the text it was given to.")
            raise Refused({"text_version": [sentence]})
        subject = model._default_manager.get(pk=key)
        privacy.give_consent(
            subject=subject, given_on=values["given_on"], text_version=text,
            channel=values.get("channel") or "",
        )  # fmt: skip
        return subject

    return run


def _withdraw(model: type[Counterparty] | type[ContactPerson]) -> Callable[..., Model]:
    def run(*, key: UUID, values: Mapping[str, Any], by: Any) -> Model:
        """Note that a consent was taken back today; the second time changes nothing."""
        subject = model._default_manager.get(pk=key)
        rows = Consent.objects.filter(pk__in=[values["id"]] if values.get("id") else [])
        if model is ContactPerson:
            consent = rows.filter(person=key).first()
        else:
            consent = rows.filter(counterparty=key, person=None).first()
        if consent is None:
            raise Refused({"id": [_("There is no such object.")]})
        privacy.withdraw_consent(consent=consent, on=timezone.localdate())
        return subject

    return run


def _erase(model: type[Counterparty] | type[ContactPerson]) -> Callable[..., Model]:
    def run(*, key: UUID, values: Mapping[str, Any], by: Any) -> Model:
        """Take away what tells who a person is; documents stay."""
        require(by, "people.change")
        subject = model._default_manager.get(pk=key)
        try:
            privacy.erase(subject=subject, by=by.pk, now=timezone.now())
        except privacy.NotAPerson:
            sentence = _("A company is not erased: its contact persons are.")
            raise Refused({"": [sentence]}) from None
        record(kind="personal_data.erased", subject=str(key), by=by.email)
        return model._default_manager.get(pk=key)

    return run


def _personal_actions(model: type[Counterparty] | type[ContactPerson]) -> tuple[Action, ...]:
    return (
        Action("erase", gettext_lazy("Erase a person"), "counterparties.change", _erase(model)),
        Action("consent", gettext_lazy("Note a consent"), "counterparties.change",
               _consent(model), CONSENT[1:4]),
        Action("withdraw-consent", gettext_lazy("Consent withdrawn"), "counterparties.change",
               _withdraw(model), (Field("id", gettext_lazy("Consent"), "key"),)),
    )  # fmt: skip


_STATUS = Field(
    "status", gettext_lazy("Status"), "choice", choices=CounterpartyStatus.choices,
    is_required=True,
)  # fmt: skip


def _register(
    key: str, *, fields: Sequence[Field], run: Callable[..., Any], **more: Any
) -> None:
    registered = objects.kind(key)
    made = replace(registered, fields=(*registered.fields, *fields), save=run, **more)
    objects.register_for_programs(made)


_register(
    "counterparties", fields=(*PARTS, _CONSENTS), run=save,
    prefetch=(
        "bank_accounts", "dates", Prefetch("points", ContactPoint.objects.filter(person=None)),
        Prefetch("consents", Consent.objects.filter(person=None)),
    ),
    actions=(
        Action("go-on", pgettext_lazy("lead", "Let it go on"), "counterparties.change", _go_on,
               (_STATUS, Field("reason", pgettext_lazy("why", "Reason")))),
        *_personal_actions(Counterparty),
    ),
)  # fmt: skip
_register(
    "contacts", fields=(*PERSON_PARTS, _CONSENTS), run=save_person,
    prefetch=("points", "roles", "consents"), actions=_personal_actions(ContactPerson),
)  # fmt: skip
