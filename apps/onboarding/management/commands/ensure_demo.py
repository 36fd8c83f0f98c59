"""``ensure_demo``: the demonstration company of ``./kopru up``, made once."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.accounts.models import Role, User
from apps.accounts.services import confirm_email
from apps.onboarding.services import add_closed_office, add_demo_office, form_team, load_demo
from tenants.models import Company
from tenants.services import sign_up
from tenants.signup import SignUp

SLUG = "demo"
_NAMES = {"en": "Demo Trading", "ru": "Демо-Торг", "tr": "Demo Ticaret"}
# By login. The first manager is the one whose day the demonstration fills.
_PEOPLE = {
    "en": {
        "owner": "Olivia Reed", "manager": "Marina Cole", "accountant": "Anna Moore",
        "head": "Henry Walsh", "administrator": "Adam Stone", "seller": "Sam Porter",
    },
    "ru": {
        "owner": "Ольга Романова", "manager": "Марина Котова", "accountant": "Анна Белова",
        "head": "Глеб Волков", "administrator": "Антон Каменев", "seller": "Степан Лавров",
    },
    "tr": {
        "owner": "Oya Demir", "manager": "Merve Kaya", "accountant": "Ayla Şahin",
        "head": "Halil Yıldız", "administrator": "Arda Taş", "seller": "Selim Aydın",
    },
}  # fmt: skip
_ROLES = {"seller": Role.MANAGER}  # the others are called as their roles are
_OFFICE = {"en": ("Leeds", "LD"), "ru": ("Казань", "KZ"), "tr": ("İzmir", "IZ")}
_CLOSED_OFFICE = {"en": ("York", "YK"), "ru": ("Самара", "SM"), "tr": ("Bursa", "BU")}
_CURRENCY = {"en": "USD", "ru": "RUB", "tr": "TRY"}
_ZONE = {"en": "UTC", "ru": "Europe/Moscow", "tr": "Europe/Istanbul"}


class Command(BaseCommand):
    """Make the demonstration company with people, a catalogue, invoices and its 1C."""

    help = "Makes the demonstration company; a second time it changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it unless it is there."""
        if settings.IS_PRODUCTION:
            raise CommandError("Demonstration logins are not for production; nothing was made.")
        if Company.objects.filter(slug=SLUG).exists():
            return
        language = _language()
        names = _PEOPLE[language]
        passwords = {login: secrets.token_urlsafe(9) for login in names}
        company = sign_up(
            asked=SignUp(
                name=_NAMES[language], slug=SLUG, email="owner@demo.example",
                password=passwords["owner"], full_name=names["owner"], language=language,
                time_zone=_ZONE[language], currency=_CURRENCY[language],
            ),
            now=timezone.now(),
        )  # fmt: skip
        with tenant_context(company):
            owner = User.objects.get(role=Role.OWNER)
            people = {
                login: User.objects.create_user(
                    email=f"{login}@demo.example", password=passwords[login],
                    role=_ROLES.get(login, login), full_name=name,
                )
                for login, name in names.items()
                if login != "owner"
            }  # fmt: skip
            form_team(language=language, people=people, by=owner)
            for user in User.objects.all():
                confirm_email(user=user)
            base = Path(settings.DATA_DIR) / "onec" / "demo.sqlite3"
            base.unlink(missing_ok=True)
            made = load_demo(
                language=language, currency=company.currency, now=timezone.now(), base_path=base
            )
            name, prefix = _OFFICE[language]
            code = add_demo_office(name=name, prefix=prefix, now=timezone.now())
            name, prefix = _CLOSED_OFFICE[language]
            add_closed_office(language=language, name=name, prefix=prefix, now=timezone.now())
        logins = {
            login: {"user": f"{login}@demo.example", "password": password}
            for login, password in passwords.items()
        }
        logins["1c"] = {"user": made.node.login, "password": made.password}
        _keep({"company": SLUG, "logins": logins, "office_code": code})
        if options["verbosity"]:
            self.stdout.write(f"The company {company.name} is ready.")


def _language() -> str:
    spoken = (os.environ.get("LC_ALL") or os.environ.get("LANG") or "en")[:2].lower()
    return spoken if spoken in _NAMES else "en"


def _keep(logins: dict[str, Any]) -> None:
    """Write the logins where ``up`` reads them; only the person who started it may."""
    path = Path(settings.DATA_DIR) / "demo_logins.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(logins, file, ensure_ascii=False, indent=2)
