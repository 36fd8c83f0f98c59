"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomConfig(AppConfig):
    name = "apps.custom"

    def ready(self) -> None:
        """Name the custom fields and kinds to every generic door; stand in the side bar."""
        from apps.accounts import together
        from apps.core import objects
        from apps.core.lists.screen import screens_named
        from apps.core.navigation import (
            NavItem,
            arrange_by,
            only_at_centre,
            register,
            register_further,
        )
        from apps.custom import history_adapter, lists, own_arrangement, replication_adapter, rows  # noqa: F401
        from apps.custom.fields import READ, custom_fields, custom_kinds, take
        from apps.custom.menus import menu_key
        from apps.custom.models import CustomRow

        objects.have_in_common(
            objects.ObjectKind(
                "custom_objects", _("Own object"), _("Own objects"), "adjustments", CustomRow,
                owner="responsible", parent=("counterparty_id", "counterparties"),
            )
        )  # fmt: skip
        screens_named(lists.PREFIX, lists.rows_of)
        together.register("custom", sql=READ, take=take)
        together.register("arranged", sql=own_arrangement.READ, take=own_arrangement.take)
        arrange_by(own_arrangement.menu_of, key=menu_key)
        objects.custom_fields_are(custom_fields, made=custom_kinds, values=rows)
        from apps.custom import programs  # noqa: F401  (asks for kinds)

        only_at_centre(
            "custom:home", "custom:fields", "custom:field", "custom:field_*", "custom:object*",
            "custom:layout*", "custom:menu*",
        )
        register_further(
            lambda: [
                NavItem(
                    kind.key, kind.label_plural, "custom:rows", kind.icon, 60,
                    right="custom_objects.view", url_args=(kind.key,),
                )
                for kind in custom_kinds()
            ]
        )  # fmt: skip
        register(
            NavItem(
                "customization", _("Customization"), "custom:home", "adjustments", 930,
                right="customization.change", group="settings", is_of_centre=True,
            )
        )  # fmt: skip
