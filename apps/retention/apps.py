"""How long what is no longer wanted is kept: erased by the clock, kind by kind, off at first."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from replication.registry import declare_local


class RetentionConfig(AppConfig):
    name = "apps.retention"

    def ready(self) -> None:
        """Stand in the settings; say what stays in this database."""
        from apps.core.navigation import NavItem, only_at_centre, register

        declare_local("retention.RetentionRule", "the centre erases, and what is gone travels")
        only_at_centre("retention:*")
        register(
            NavItem(
                "retention", _("Keeping and erasing"), "retention:rules", "trash", 938,
                right="settings.change", group="settings", is_of_centre=True,
            )
        )  # fmt: skip
