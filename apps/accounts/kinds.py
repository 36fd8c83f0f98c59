"""People as a kind of object: who there is, for owners and responsible persons of other rows."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import objects
from apps.core.objects import Field, ObjectKind

objects.register(
    ObjectKind(
        key="people",
        label=_("Person of the company"),
        label_plural=_("People"),
        icon="users",
        model=User,
        fields=(
            Field("full_name", _("Name"), is_writable=False),
            Field("email", _("E-mail"), "email", is_writable=False),
            Field("is_active", _("may sign in"), "boolean", is_writable=False),
            Field("updated_at", _("changed"), "moment", is_writable=False),
        ),
        list_url_name="people",
        title="full_name",
    )
)
