"""People travel to the offices as a whole: who may sign in, and do what, is the centre's to say.

Roles and teams go before the people who have them. The second step of people travels, too, sealed
for the link; recovery codes do not: each serves once, and without a line two bases would take the
same one.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import get_adapter

from replication import plan


def _opened(data: dict[str, Any]) -> str:
    return str(get_adapter().decrypt(data["secret"]))


def _stored(secret: str) -> dict[str, Any]:
    return {"secret": get_adapter().encrypt(secret)}


for label in ("AccessRole", "RoleRight", "RoleField", "Team", "CompanyModule"):
    plan.travels_whole(plan.Whole(f"accounts.{label}"))
# What hangs on people goes first: a person who was removed is held by nothing then.
plan.travels_whole(
    plan.Whole(
        "mfa.Authenticator", without=("last_used_at",), only="t.type = 'totp'",
        secret=plan.Secret("data", opened=_opened, stored=_stored),
    )
)  # fmt: skip
plan.travels_whole(plan.Whole("account.EmailAddress"))
plan.travels_whole(plan.Whole("accounts.User", without=("last_login",)))
