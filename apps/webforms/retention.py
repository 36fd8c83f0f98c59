"""What was posted through web forms, erased by the clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.retention.kinds import Kept, register
from apps.webforms.models import WebFormPost


def erase(keys: Sequence[UUID], now: datetime) -> None:
    """Remove the notes of what was posted; the leads made of it have a rule of their own."""
    WebFormPost.objects.filter(pk__in=keys).delete()


register(
    Kept(
        "web_form_posts", _("Entries of web forms"),
        _(
            "The note that somebody posted a form. The lead made of it stays, and goes by the rule"
            " of leads."
        ),
        "created_at", WebFormPost.objects.all, erase, position=40,
    )
)  # fmt: skip
