"""Bank accounts as imports bring them: on the line of their owner, checked against the bank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core import objects, requisites
from apps.core.objects import Field, ObjectKind, Part, Refused, Saved
from apps.counterparties.models import BankAccount

_COLUMNS = ("number", "bank_name", "bank_code", "correspondent_account")
_BARE = ("number", "bank_code", "correspondent_account")


def problems(values: Mapping[str, Any]) -> dict[str, str]:
    """Return what of an account, its bank and their check digits cannot be right, by field."""
    told = _bare(values)
    number, code = told.get("number", ""), told.get("bank_code", "")
    if not number:
        return {"number": _("An account has a number: without it the bank says nothing.")}
    found = {
        "number": requisites.account_problem(number, code),
        "bank_code": requisites.bank_code_problem(code),
        "correspondent_account": requisites.correspondent_account_problem(
            told.get("correspondent_account", ""), code
        ),
    }
    return {key: sentence for key, sentence in found.items() if sentence}


@transaction.atomic
def save_many(
    *, rows: Sequence[tuple[UUID | None, Mapping[str, Any]]], by: Any
) -> list[Saved]:
    """Keep accounts of many counterparties; one that its owner has already takes what is said.

    A row without a key names its owner as ``counterparty``.
    """
    known = _known(rows)
    answers: list[Saved] = []
    made: dict[tuple[UUID, str], BankAccount] = {}
    changed: dict[UUID, BankAccount] = {}
    for key, values in rows:
        told = _bare(values)
        named = (cast(UUID, told.get("counterparty")), str(told.get("number", "")))
        account = known.get(key) or known.get(named) or made.get(named)
        if account is not None:
            told = {name: getattr(account, name) for name in _COLUMNS} | told
        wrong = problems(told)
        if wrong:
            answers.append(Saved(key, refused=Refused({k: [text] for k, text in wrong.items()})))
        elif account is None:
            account = BankAccount(
                counterparty_id=told["counterparty"],
                **{name: told[name] for name in _COLUMNS if name in told},
            )
            made[(account.counterparty_id, account.number)] = account
            answers.append(Saved(account.pk, is_new=True, is_changed=True))
        else:
            answers.append(_brought(account, told, changed))
    BankAccount.objects.bulk_create(made.values())
    for account in changed.values():
        account.updated_at = timezone.now()
    BankAccount.objects.bulk_update(changed.values(), [*_COLUMNS, "updated_at"], batch_size=500)
    return answers


def _known(rows: Sequence[tuple[UUID | None, Mapping[str, Any]]]) -> dict[Any, BankAccount]:
    """Return the accounts that are there, by key and by (owner, number)."""
    keys = [key for key, _values in rows if key is not None]
    owners = [values["counterparty"] for _key, values in rows if values.get("counterparty")]
    found: dict[Any, BankAccount] = {
        account.pk: account for account in BankAccount.objects.filter(pk__in=keys)
    }
    for account in BankAccount.objects.filter(counterparty_id__in=owners):
        found[(account.counterparty_id, account.number)] = account
    return found


def _brought(
    account: BankAccount, told: Mapping[str, Any], changed: dict[UUID, BankAccount]
) -> Saved:
    names = [name for name in _COLUMNS if getattr(account, name) != told[name]]
    for name in names:
        setattr(account, name, told[name])
    if names and not account._state.adding:
        changed[account.pk] = account
    return Saved(account.pk, is_changed=bool(names))


def _bare(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as they are kept: numbers without blanks, as they are checked."""
    told = {name: value or "" for name, value in values.items()}
    return told | {name: "".join(str(told[name]).split()) for name in _BARE if name in told}


def save(
    *, values: Mapping[str, Any], by: Any, key: UUID | None = None, seen: datetime | None = None
) -> BankAccount:
    """Keep one account; see ``save_many``."""
    [answer] = save_many(rows=[(key, values)], by=by)
    if answer.refused is not None:
        raise answer.refused
    return BankAccount.objects.get(pk=cast(UUID, answer.key))


PART = Part(
    ObjectKind(
        key="bank_accounts",
        label=gettext_lazy("Bank account"),
        label_plural=gettext_lazy("Bank accounts"),
        icon="building",
        model=BankAccount,
        fields=(
            Field("number", gettext_lazy("account number or IBAN"), words=(
                "расчетный счет", "р с", "р счет", "рс", "номер счета", "банковский счет", "iban",
                "account number", "bank account", "hesap no", "hesap numarası",
            )),
            Field("bank_code", gettext_lazy("bank code (BIC)"), words=(
                "бик", "бик банка", "bic", "swift", "swift code", "bank code", "banka kodu",
            )),
            Field("bank_name", gettext_lazy("bank"), words=(
                "банк", "наименование банка", "название банка", "bank", "bank name", "banka",
                "banka adı",
            )),
            Field("correspondent_account", gettext_lazy("correspondent account"), words=(
                "корр счет", "кор счет", "к с", "корреспондентский счет", "correspondent account",
                "muhabir hesap",
            )),
            Field("counterparty", gettext_lazy("Counterparty"), "relation",
                  related="counterparties"),
        ),
        title="number",
        parent=("counterparty", "counterparties"),
        save=save,
        save_many=save_many,
        right="counterparties",
    ),
    problems=problems,
)  # fmt: skip
objects.register_part(PART)
