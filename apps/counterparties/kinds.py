"""Counterparties and contact persons as kinds of objects: what every generic door knows of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.core import objects, requisites, tagging
from apps.core.objects import Field, Led, ObjectKind
from apps.counterparties import bulk, contacts, files, people, selectors, services
from apps.counterparties.models import (
    ContactPerson,
    ContactPoint,
    Counterparty,
    CounterpartyKind,
    CounterpartyStatus,
    PointKind,
)
from apps.counterparties.people import PersonValues
from apps.counterparties.services import CounterpartyValues
from apps.registers.models import RegisterState
from tenants.current import current_company


def _bare(check: Callable[[str], str]) -> Callable[[str], str]:
    """Return a check that does not mind blanks."""
    return lambda text: check("".join(text.split()))


def _tax_number_problem(number: str) -> str:
    return requisites.tax_number_problem(number, currency=current_company().currency)


def _phone_problem(text: str) -> str:
    return contacts.problem(PointKind.PHONE, text)


_TAGS = Field(
    "tags", gettext_lazy("Tags"), "choices", choices=tagging.choices, words=("тег", "etiket")
)
FIELDS = (
    Field("name", gettext_lazy("Name"), is_required=True, is_sortable=True, path="name"),
    Field("kind", gettext_lazy("Kind"), "choice", choices=CounterpartyKind.choices),
    Field("status", gettext_lazy("Status"), "choice", choices=CounterpartyStatus.choices),
    Field("full_name", gettext_lazy("Full name")),
    Field(
        "tax_number", gettext_lazy("Tax number"), words=("инн", "vkn", "tckn", "inn", "vat"),
        check=_bare(_tax_number_problem),
    ),
    Field(
        "tax_reason_code", gettext_lazy("Tax reason code (KPP)"), words=("кпп",),
        check=_bare(requisites.reason_code_problem),
    ),
    Field(
        "registration_number", gettext_lazy("Registration number"), words=("огрн",),
        check=_bare(requisites.registration_number_problem),
    ),
    Field(
        "phone", gettext_lazy("Phone"), "phone", is_sensitive=True, words=("тел", "телефон"),
        check=_phone_problem,
    ),
    Field("email", gettext_lazy("E-mail"), "email", is_sensitive=True, words=("почта", "mail")),
    Field("website", gettext_lazy("Website"), "url", words=("сайт", "site", "web")),
    Field("address", gettext_lazy("Address"), is_sensitive=True),
    Field("legal_address", gettext_lazy("Legal address"), is_sensitive=True),
    Field("card_number", gettext_lazy("Customer card")),
    Field("responsible", gettext_lazy("Responsible"), "user"),
    Field("is_customer", gettext_lazy("Customer"), "boolean"),
    Field("is_supplier", gettext_lazy("Supplier"), "boolean"),
    Field("is_partner", gettext_lazy("Partner"), "boolean"),
    Field("is_competitor", gettext_lazy("Competitor"), "boolean"),
    Field("is_vip", gettext_lazy("VIP"), "boolean"),
    Field("source", gettext_lazy("Source"), words=("источник", "kaynak", "source")),
    Field("parent", gettext_lazy("Belongs to"), "relation", related="counterparties",
          is_tree=True),
    _TAGS,
    Field("preferences", gettext_lazy("Preferences"), "long_text", is_sensitive=True),
    Field("comment", gettext_lazy("Comment"), "long_text"),
    Field(
        "register_state", gettext_lazy("State in the register"), "choice",
        choices=RegisterState.choices, is_writable=False,
    ),
    Field("register_told_at", gettext_lazy("Register asked"), "moment", is_writable=False),
    Field("created_at", gettext_lazy("Entered"), "moment", is_writable=False),
    Field("updated_at", gettext_lazy("changed"), "moment", is_writable=False),
)
PERSON_FIELDS = (
    Field(
        "full_name", pgettext_lazy("person", "Name"), is_required=True, is_sortable=True,
        words=("имя", "фио", "ad", "name"),
    ),
    Field(
        "counterparty", gettext_lazy("Counterparty"), "relation", related="counterparties",
        is_required=True, words=("компания", "организация", "firma", "company"),
    ),
    Field("job_title", gettext_lazy("Job title"), words=("должность", "unvan", "title")),
    Field(
        "phone", gettext_lazy("Phone"), "phone", is_sensitive=True, words=("тел", "телефон"),
        check=_phone_problem,
    ),
    Field("email", gettext_lazy("E-mail"), "email", is_sensitive=True, words=("почта", "mail")),
    Field("born_on", gettext_lazy("Birthday"), "date", is_sensitive=True),
    _TAGS,
    Field("preferences", gettext_lazy("Preferences"), "long_text", is_sensitive=True),
    Field("comment", gettext_lazy("Comment"), "long_text"),
    Field("created_at", gettext_lazy("Entered"), "moment", is_writable=False),
    Field("updated_at", gettext_lazy("changed"), "moment", is_writable=False),
)  # fmt: skip
_COLUMNS = {
    "responsible": "responsible_id", "parent": "parent_id", "counterparty": "counterparty_id",
}  # fmt: skip


@transaction.atomic
def save(
    *,
    values: Mapping[str, Any],
    by: Any,
    key: UUID | None = None,
    seen: datetime | None = None,
) -> Counterparty:
    """Make a counterparty or bring one to these values; see ``apps.core.objects.Save``."""
    partner = Counterparty.objects.select_for_update().get(pk=key) if key else Counterparty()
    named = {_COLUMNS.get(name, name): value for name, value in values.items()}
    if not str(named.get("name", partner.name)).strip():
        raise objects.Refused({"name": [_("A counterparty has a name.")]})
    if "card_number" in named:
        named["card_number"] = _free_card(str(named["card_number"] or ""), partner)
    now = {name: getattr(partner, name) for name in services._FIELDS}
    wanted = replace(CounterpartyValues(**now), **named)
    try:
        return services.save_counterparty(values=wanted, counterparty_id=key, seen=seen)
    except services.BelongsToItself:
        raise objects.Refused(
            {"parent": [_("A company cannot belong to itself or to one below it.")]}
        ) from None


def _free_card(number: str, partner: Counterparty) -> str:
    """Return a card number as it is kept.

    :raises Refused: somebody else has this card.
    """
    bare = selectors.bare_card(number)
    if bare and bare != partner.card_number:
        others = [each for each in selectors.having_card(bare) if each.pk != partner.pk]
        if others:
            sentence = _("“%(name)s” has this card already.") % {"name": others[0].name}
            raise objects.Refused({"card_number": [sentence]})
    return bare


def keep_contacts(kept: UUID, merged: Sequence[Mapping[str, Any]]) -> Sequence[Model]:
    """Keep the phones, e-mails and addresses of merged counterparties."""
    partner = Counterparty.objects.get(pk=kept)
    return contacts.keep_after_merge(partner=partner, person=None, merged=merged)


def keep_contacts_of_person(
    kept: UUID, merged: Sequence[Mapping[str, Any]]
) -> Sequence[Model | Led]:
    """Keep the phones and e-mails of merged contact persons, and where each of them worked.

    Who worked at another company has a role there from now on; what is the person's own stands at
    their own company, and not at the other's any more.
    """
    person = ContactPerson.objects.select_related("counterparty").get(pk=kept)
    roles = people.keep_places(person=person, merged=merged)
    led = people.lead_home(person)
    points = contacts.keep_after_merge(partner=person.counterparty, person=person, merged=merged)
    return [*roles, *led, *points]


def archive(keys: Collection[UUID], is_archived: bool) -> int:
    """Take counterparties out of use, or bring them back."""
    return services.archive_counterparties(ids=list(keys), is_archived=is_archived)


@transaction.atomic
def save_person(
    *,
    values: Mapping[str, Any],
    by: Any,
    key: UUID | None = None,
    seen: datetime | None = None,
) -> ContactPerson:
    """Make a contact person or bring one to these values; see ``apps.core.objects.Save``."""
    person = ContactPerson.objects.select_for_update().get(pk=key) if key else ContactPerson()
    named = {_COLUMNS.get(name, name): value for name, value in values.items()}
    if not str(named.get("full_name", person.full_name)).strip():
        raise objects.Refused({"full_name": [_("A contact person has a name.")]})
    now = {name: getattr(person, name) for name in people.FIELDS}
    try:
        return people.save_person(
            values=replace(PersonValues(**now), **named), person_id=key, seen=seen
        )
    except people.NoCounterparty:
        raise objects.Refused(
            {"counterparty": [_("Choose the counterparty this person works at.")]}
        ) from None


def archive_people(keys: Collection[UUID], is_archived: bool) -> int:
    """Take contact persons out of use, or bring them back."""
    return people.archive_people(ids=list(keys), is_archived=is_archived)


objects.register(
    ObjectKind(
        key="counterparties",
        label=gettext_lazy("Counterparty"),
        label_plural=gettext_lazy("Counterparties"),
        icon="users",
        model=Counterparty,
        fields=FIELDS,
        card_url_name="counterparties:card",
        list_url_name="counterparties:list",
        title="name",
        owner="responsible",
        office="office_id",
        hideable=[each.key for each in FIELDS if each.is_writable and not each.is_required],
        related=("responsible", "parent"),
        search=("search_text__contains",),
        sensitive_columns=("further_contacts",),
        order="sort_name",
        save=save,
        save_many=bulk.save_many,
        archive=archive,
        merged=keep_contacts,
        further=contacts.add_points,
        is_extensible=True,
    )
)
objects.register(
    ObjectKind(
        key="contacts",
        label=gettext_lazy("Contact person"),
        label_plural=gettext_lazy("Contact persons"),
        icon="user",
        model=ContactPerson,
        fields=PERSON_FIELDS,
        card_url_name="counterparties:person",
        list_url_name="counterparties:people",
        title="full_name",
        parent=("counterparty", "counterparties"),
        related=("counterparty",),
        search=("search_text__contains",),
        sensitive_columns=("further_contacts",),
        order="full_name",
        save=save_person,
        save_many=bulk.save_people,
        archive=archive_people,
        merged=keep_contacts_of_person,
        further=partial(contacts.add_points, of_people=True),
        is_extensible=True,
        right="counterparties",
    )
)
objects.register_part(
    objects.Part(
        ObjectKind(
            key="contact_points",
            label=gettext_lazy("Phone, e-mail or address"),
            label_plural=gettext_lazy("Phones, e-mails and addresses"),
            icon="phone",
            model=ContactPoint,
        ),
        take_away=contacts.take_points_away,
    )
)
files.register("counterparties", files.Place(lambda partner: partner.pk))
files.register("contacts", files.Place(lambda person: person.counterparty_id))
