"""What the accounts do when a company signs up: its owner, and the owner's way in."""

from __future__ import annotations

from django_tenants.utils import tenant_context

from apps.accounts.models import Role, User
from apps.accounts.services import arrival_token
from tenants.models import Company
from tenants.signup import SignUp


def make_owner(company: Company, asked: SignUp) -> None:
    """Make the person who signed up the owner."""
    User.objects.create_user(
        email=asked.email,
        password=asked.password,
        full_name=asked.full_name,
        role=Role.OWNER,
        language=asked.language,
        time_zone=asked.time_zone,
    )


def owners_arrival(company: Company, asked: SignUp) -> str:
    """Return the path at which the owner is signed in."""
    with tenant_context(company):
        user = User.objects.get(email=asked.email)
        return f"/accounts/arrive/?token={arrival_token(user=user)}"
