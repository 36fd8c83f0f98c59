"""How allauth behaves in a company."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Nobody joins a company by filling in a form: people are invited."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
