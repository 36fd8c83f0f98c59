"""Who may do what."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory

from apps.accounts.models import User
from apps.accounts.rights import NotAllowed, can, require, signed_in


@pytest.mark.parametrize(
    ("role", "right", "allowed"),
    [
        ("owner", "exchange.change", True),
        ("administrator", "people.change", True),
        ("manager", "invoices.issue", True),
        ("manager", "exchange.change", False),
        ("manager", "people.change", False),
        ("accountant", "invoices.view", True),
        ("accountant", "invoices.issue", False),
        ("accountant", "exchange.view", True),
    ],
)
def test_a_role_gives_its_rights_and_no_others(role: str, right: str, allowed: bool) -> None:
    assert can(User(role=role), right) is allowed


def test_who_may_not_sign_in_may_nothing() -> None:
    with pytest.raises(NotAllowed):
        require(User(role="owner", is_active=False), "invoices.view")


def test_a_right_that_does_not_exist_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        can(User(role="owner"), "invoices.destroy")


def test_a_view_is_told_who_is_signed_in() -> None:
    request = RequestFactory().get("/")
    request.user = owner = User(role="owner")

    assert signed_in(request) is owner


def test_a_view_that_forgot_its_guard_is_refused() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()

    with pytest.raises(PermissionDenied):
        signed_in(request)
