"""The change history of people: who gave whom which role, who may sign in."""

from __future__ import annotations

from apps.accounts.models import User
from apps.history.tracked import Card, Tracked, track

CARD = Card("accounts_user", "person", "people.view")
# A role is given on the form of the person, where its rules stand: nothing is restored here.
track(Tracked(User, CARD, hidden=("password", "last_login")))
