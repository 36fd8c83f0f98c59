"""People travel to the offices as a whole: who may sign in, and do what, is the centre's to say.

Roles and teams go before the people who have them.
"""

from __future__ import annotations

from replication import plan

for label in ("AccessRole", "RoleRight", "RoleField", "Team", "CompanyModule"):
    plan.travels_whole(plan.Whole(f"accounts.{label}"))
plan.travels_whole(plan.Whole("accounts.User", without=("last_login",)))
plan.travels_whole(plan.Whole("account.EmailAddress"))
