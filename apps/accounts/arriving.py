"""What the accounts do when a company signs up: its owner, the owner's way in and way back."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django_tenants.utils import tenant_context
from psycopg2 import sql

from apps.accounts.models import Role, User
from apps.accounts.services import arrival_token
from apps.accounts.tasks import mail_confirmation
from tenants.models import Company
from tenants.signup import SignUp
from tenants.tasks import HEADER

_AT_A_TIME = 100  # schemas in one query
_KNOWN = sql.SQL(
    "SELECT {name} WHERE EXISTS"
    " (SELECT 1 FROM {table} WHERE lower(email) = lower(%(email)s) AND is_active)"
)


def make_owner(company: Company, asked: SignUp) -> None:
    """Make the person who signed up the owner; their e-mail is theirs once they confirm it."""
    owner = User.objects.create_user(
        email=asked.email,
        password=asked.password,
        full_name=asked.full_name,
        role=Role.OWNER,
        language=asked.language,
        time_zone=asked.time_zone,
    )
    EmailAddress.objects.create(user=owner, email=owner.email, primary=True, verified=False)

    def ask_to_confirm() -> None:
        values, company_is = {"user_id": str(owner.pk)}, {HEADER: company.schema_name}
        mail_confirmation.apply_async(kwargs=values, headers=company_is)

    transaction.on_commit(ask_to_confirm, robust=True)  # the company is there, mail or not


def owners_arrival(company: Company, asked: SignUp) -> str:
    """Return the path at which the owner is signed in."""
    with tenant_context(company):
        user = User.objects.get(email=asked.email)
        return f"/accounts/arrive/?token={arrival_token(user=user)}"


def schemas_of(email: str, schemas: list[str]) -> list[str]:
    """Return the schemas in which a person with this e-mail may sign in."""
    found: list[str] = []
    with connection.cursor() as cursor:
        for start in range(0, len(schemas), _AT_A_TIME):
            query = sql.SQL(" UNION ALL ").join(
                _KNOWN.format(
                    name=sql.Literal(schema), table=sql.Identifier(schema, User._meta.db_table)
                )
                for schema in schemas[start : start + _AT_A_TIME]
            )
            cursor.execute(query, {"email": email})
            found += [row[0] for row in cursor.fetchall()]
    return found
