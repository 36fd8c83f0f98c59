"""People of the demonstration company: a team with its head, and a role of the company's own."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from apps.accounts.models import AccessRole, Role, Scope, Team, User
from apps.accounts.rights import access
from apps.accounts.roles import save_role, scopes_offered
from apps.accounts.teams import save_team

_TEAM = {"en": "Wholesale", "ru": "Опт", "tr": "Toptan satış"}
_ABOVE = {"en": "Sales", "ru": "Продажи", "tr": "Satış"}
_OWN_ROLE = {
    "en": "Sales, own customers", "ru": "Продажи, только свои клиенты",
    "tr": "Satış, yalnız kendi müşterileri",
}  # fmt: skip


@transaction.atomic
def form_team(*, language: str, people: Mapping[str, User], by: User) -> None:
    """Put ``head``, ``manager`` and ``seller`` into a team; the seller sees their own rows only.

    Called once, for a company that has no teams yet.
    """
    above = save_team(
        team=Team(), name=_said(_ABOVE, language), parent=None, members=(), head=None, by=by
    )
    save_team(
        team=Team(), name=_said(_TEAM, language), parent=above,
        members=[people[each].pk for each in ("head", "manager", "seller")],
        head=people["head"].pk, by=by,
    )  # fmt: skip
    seller = people["seller"]
    seller.refresh_from_db()
    seller.access_role = _own_role(_said(_OWN_ROLE, language), by=by)
    seller.save()


def _own_role(name: str, *, by: User) -> AccessRole:
    """Make a role of a manager that covers one's own rows, and takes no list out."""
    scopes = {}
    for right, scope in access.rights_of(Role.MANAGER).items():
        kind, _dot, action = right.partition(".")
        has_owners = Scope.OWN in scopes_offered(kind)
        is_taken = action == "export"
        scopes[right] = Scope.NONE if is_taken else Scope.OWN if scope and has_owners else scope
    role = AccessRole(base=Role.MANAGER)
    return save_role(role=role, name=name, scopes=scopes, fields={}, by=by)


def _said(words: Mapping[str, str], language: str) -> str:
    return words.get(language, words["en"])
