"""One's own notices, and how one wants to be told, as programs read and write them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.rights import can
from apps.core import notices, objects
from apps.core.entering import entered, merged
from apps.core.notices import CHANNELS
from apps.core.objects import Action, Document, Field, ObjectKind, Refused
from apps.notifications import choosing, services
from apps.notifications.forms import NoticeForm
from apps.notifications.models import NoticeSettings, Notification
from apps.notifications.words import sentence

_RIGHT = "notifications.view"
_RIGHTS = {"view": _RIGHT, "change": _RIGHT}


class _Notices(ObjectKind):
    """The notices of whoever asks, and nobody else's."""

    def rows(self, user: Any, *, action: str = "view") -> Any:
        """Return the person's own notices that stand on the bell."""
        if not can(user, _RIGHT):
            return Notification.objects.none()
        return Notification.objects.filter(user=user, is_in_bell=True)


def _mark_read(*, key: UUID, values: Mapping[str, Any], by: Any) -> None:
    """Count a notice as read; with ``with_older`` all that came before it, too."""
    keys = [key]
    if values.get("with_older"):  # keys are in the order of time
        older = Notification.objects.filter(user=by, read_at__isnull=True, pk__lt=key)
        keys += older.values_list("pk", flat=True)
    services.mark_read(user=by, now=timezone.now(), ids=keys)


objects.register_for_programs(
    _Notices(
        key="notifications", label=gettext_lazy("Notice"), label_plural=gettext_lazy("Notices"),
        icon="bell", model=Notification, rights_to=_RIGHTS,
        fields=(
            Field("text", gettext_lazy("Text"), read=sentence, is_writable=False,
                  is_filterable=False),
            Field("kind", gettext_lazy("Notice"), is_writable=False),
            Field("url", gettext_lazy("Address"), is_writable=False, is_filterable=False),
            Field("created_at", gettext_lazy("created"), "moment", is_writable=False,
                  is_sortable=True),
            Field("read_at", gettext_lazy("Read at"), "moment", is_writable=False),
        ),
        actions=(
            Action("read", gettext_lazy("Count as read"), _RIGHT, _mark_read,
                   (Field("with_older", gettext_lazy("And all that came before"), "boolean"),)),
        ),
    )
)  # fmt: skip


def _topics(by: Any) -> list[notices.Topic]:
    return [each for each in notices.topics() if not each.right or can(by, each.right)]


def _hour(value: Any) -> str:
    return f"{value:%H:%M}" if value is not None else ""


def _settings(*, by: Any) -> dict[str, Any]:
    """Return how a person is told, the usual way where they have chosen nothing."""
    kept = NoticeSettings.objects.filter(user=by).first()
    told = NoticeForm.initial_of(kept)
    return {
        "topics": [
            {"topic": each.key, "channels": sorted(choosing.channels_for(kept, each.key))}
            for each in _topics(by)
        ],
        "is_weekend_quiet": bool(told.get("is_weekend_quiet")),
        **{name: _hour(told.get(name)) for name in ("quiet_from", "quiet_until", "digest_at")},
    }  # fmt: skip


def _choose(*, values: Mapping[str, Any], by: Any) -> None:
    """Keep what is named; topics that are not named stay as they were chosen."""
    kept = NoticeSettings.objects.filter(user=by).first()
    told = entered(NoticeForm(merged(NoticeForm.initial_of(kept), values)))
    channels = dict(kept.channels) if kept is not None else {}
    known = {each.key for each in _topics(by)}
    for row in values.get("topics", ()):
        if row.get("topic") not in known:
            raise Refused({"topics": [_no_topic(str(row.get("topic", "")))]})
        channels[row["topic"]] = row.get("channels") or []
    choosing.choose(user=by, channels=channels, **told)


def _no_topic(key: str) -> str:
    return _("There is no topic “%(key)s”.") % {"key": key[:60]}


objects.register_document(
    Document(
        key="notice_settings", label=gettext_lazy("How I am told"), rights_to=_RIGHTS,
        read=_settings, save=_choose,
        fields=(
            Field("topics", gettext_lazy("Topics"), "rows", parts=(
                Field("topic", gettext_lazy("Topic")),
                Field("channels", gettext_lazy("Channels"), "choices",
                      choices=[(each, each) for each in CHANNELS]),
            )),
            Field("quiet_from", gettext_lazy("Quiet from"), help=gettext_lazy("As 22:00.")),
            Field("quiet_until", gettext_lazy("Quiet until"), help=gettext_lazy("As 22:00.")),
            Field("is_weekend_quiet", gettext_lazy("Quiet on Saturday and Sunday"), "boolean"),
            Field("digest_at", gettext_lazy("Letter of the day at"),
                  help=gettext_lazy("As 22:00.")),
        ),
    )
)  # fmt: skip
