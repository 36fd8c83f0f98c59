"""People travel to the offices as a whole: who may sign in is the centre's to say."""

from __future__ import annotations

from replication import plan

plan.travels_whole(plan.Whole("accounts.User", without=("last_login",)))
plan.travels_whole(plan.Whole("account.EmailAddress"))
