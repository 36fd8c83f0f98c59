"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "apps.accounts"

    def ready(self) -> None:
        """Say who may see what, and what stays in this database."""
        from apps.accounts import (
            care,  # noqa: F401  (its task registers itself)
            kinds,  # noqa: F401
            programs,  # noqa: F401
            replication_adapter,  # noqa: F401  (enters the plan)
            security,  # noqa: F401  (hears who signs in)
        )
        from apps.accounts.arriving import make_owner, owners_arrival, schemas_of
        from apps.accounts.models import PEOPLE
        from apps.accounts.rights import can
        from apps.accounts.rights.answers import Answers, reason
        from apps.core.context_processors import rights_are
        from apps.core.furnishing import register_reading
        from apps.core.navigation import NavItem, only_at_centre, register
        from apps.core.objects import rights_are as rows_and_fields_are
        from apps.core.views_errors import reasons_are
        from tenants.signup import on_arrival, on_sign_up
        from tenants.ways import find_people_by

        register_reading("people", PEOPLE)
        rights_are(can)
        rows_and_fields_are(Answers())
        reasons_are(reason)
        only_at_centre(
            "roles", "roles_*", "role", "role_*", "teams", "team", "team_*", "modules",
            "people", "people_*", "person", "account_profile", "account_email", "mfa_*",
            "account_change_password", "account_set_password", "account_reset_password*",
        )  # fmt: skip
        on_sign_up(make_owner)
        on_arrival(owners_arrival)
        find_people_by(schemas_of)
        for item in (
            NavItem("roles", _("Roles"), "roles", "lock", 912, "roles.view", group="settings",
                    is_of_centre=True),
            NavItem("teams", _("Teams"), "teams", "user", 914, "roles.view", group="settings",
                    is_of_centre=True),
            NavItem("modules", _("Modules"), "modules", "package", 940, "settings.view",
                    group="settings", is_of_centre=True),
            NavItem("security", _("Security log"), "security", "eye", 950, "security.view",
                    group="settings"),
        ):  # fmt: skip
            register(item)
        register(
            NavItem(
                "people", _("People"), "people", "users", 910, "people.view", group="settings",
                is_of_centre=True,
            )
        )  # fmt: skip
