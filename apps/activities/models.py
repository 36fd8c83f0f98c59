"""What people do with customers: notes, tasks, calls, meetings, and when they are away."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.models import BaseModel, Extensible, Tagged
from apps.counterparties.models import Counterparty


class ActivityKind(models.TextChoices):
    NOTE = "note", _("Note")
    TASK = "task", _("Task")
    CALL = "call", _("Call")
    MEETING = "meeting", _("Meeting")
    ABSENCE = "absence", _("Absence")


class ActivityState(models.TextChoices):
    OPEN = "open", pgettext_lazy("task", "Open")
    ACCEPTED = "accepted", pgettext_lazy("task", "Accepted")
    DECLINED = "declined", pgettext_lazy("task", "Declined")
    DONE = "done", pgettext_lazy("task", "Done")


class Importance(models.TextChoices):
    LOW = "low", pgettext_lazy("importance", "Low")
    NORMAL = "normal", pgettext_lazy("importance", "Normal")
    HIGH = "high", pgettext_lazy("importance", "High")


OPEN_STATES = (ActivityState.OPEN, ActivityState.ACCEPTED)
PLANNED_KINDS = (ActivityKind.TASK, ActivityKind.CALL, ActivityKind.MEETING)


class Activity(BaseModel, Extensible, Tagged):
    """One thing done or to be done.

    ``planned_at`` is its place in calendars and on *Today* (when a task is due, when a meeting
    begins), ``at`` its place on timelines (when it was done; until then, when it was entered).
    Whole days are kept as noon in UTC of that date, so that the date is the same everywhere.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=ActivityKind.choices)
    state = models.CharField(
        _("state"), max_length=10, choices=ActivityState.choices, default=ActivityState.OPEN
    )
    subject = models.CharField(_("subject"), max_length=250)
    text = models.TextField(_("text"), blank=True)
    place = models.CharField(_("place"), max_length=250, blank=True)
    importance = models.CharField(
        _("importance"), max_length=10, choices=Importance.choices, default=Importance.NORMAL
    )
    starts_at = models.DateTimeField(_("begins"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    is_all_day = models.BooleanField(_("all day"), default=False)
    owner = models.ForeignKey(
        "accounts.User", verbose_name=_("responsible"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    giver = models.ForeignKey(
        "accounts.User", verbose_name=_("given by"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    counterparty = models.ForeignKey(
        Counterparty, verbose_name=_("counterparty"), null=True, blank=True,
        on_delete=models.CASCADE, related_name="activities",
    )  # fmt: skip
    remind_at = models.DateTimeField(_("reminds"), null=True, blank=True)
    remind_rule = models.CharField(_("reminds again"), max_length=200, blank=True)  # until done
    recurrence = models.CharField(_("repeats"), max_length=200, blank=True)  # the next one
    series = models.UUIDField(null=True, blank=True, editable=False)  # what repeats
    completed_at = models.DateTimeField(_("done at"), null=True, blank=True)
    completed_by = models.ForeignKey(
        "accounts.User", verbose_name=_("done by"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    result = models.TextField(_("result"), blank=True)
    is_archived = models.BooleanField(_("archived"), default=False)
    source = models.CharField(max_length=80, blank=True, editable=False)  # what the program made
    planned_at = models.DateTimeField(null=True, blank=True, editable=False)
    at = models.DateTimeField(editable=False)
    late_told_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=~Q(source=""), name="activity_unique_source"
            )
        ]
        indexes = [
            GinIndex(fields=["tags"], opclasses=["jsonb_path_ops"], name="activity_by_tag"),
            models.Index(
                fields=["counterparty", "-at", "-id"], name="activity_of_customer",
                condition=Q(state__in=["done", "declined"], is_archived=False),
            ),
            models.Index(
                fields=["counterparty", "planned_at"], name="activity_next_of_customer",
                condition=Q(state__in=["open", "accepted"], is_archived=False),
            ),
            models.Index(
                fields=["owner", "planned_at", "id"], name="activity_day_of_person",
                condition=Q(state__in=["open", "accepted"], is_archived=False),
            ),
            models.Index(fields=["owner", "-completed_at"], name="activity_done_by_person"),
            models.Index(fields=["planned_at", "id"], name="activity_by_plan"),
            models.Index(fields=["giver", "planned_at"], name="activity_given"),
            models.Index(fields=["remind_at"], name="activity_to_remind"),
            models.Index(fields=["-at", "-id"], name="activity_latest"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.subject

    @property
    def is_open(self) -> bool:
        """Whether somebody has still to do it."""
        return self.state in OPEN_STATES and self.kind != ActivityKind.NOTE


class ActivityLink(BaseModel):
    """A card an activity stands on: the kind of object and the key of its row.

    The counterparty itself is a column of the activity: a deal's activity is its customer's too.
    """

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="links")
    kind = models.CharField(max_length=40)
    key = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["activity", "kind", "key"], name="activity_link_unique")
        ]
        indexes = [models.Index(fields=["kind", "key"], name="activity_link_of_card")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class PartRole(models.TextChoices):
    PARTICIPANT = "participant", _("Participant")
    WATCHER = "watcher", _("Watcher")


class ActivityPerson(BaseModel):
    """Who takes part in an activity, or wants to hear of it."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="people")
    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=12, choices=PartRole.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["activity", "user"], name="activity_person_unique")
        ]
        indexes = [models.Index(fields=["user", "activity"], name="activity_of_participant")]

    def __str__(self) -> str:
        return f"{self.role} {self.user_id}"


class Comment(BaseModel):
    """What somebody said about an activity."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        indexes = [models.Index(fields=["activity", "created_at"], name="comment_of_activity")]

    def __str__(self) -> str:
        return self.text[:60]


class Mention(BaseModel):
    """Somebody was named with ``@`` in the text of an activity, or in a comment on it."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="mentions")
    comment = models.ForeignKey(
        Comment, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    author = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "activity", "comment"], name="mention_unique",
                nulls_distinct=False,
            )
        ]  # fmt: skip
        indexes = [models.Index(fields=["user", "-created_at", "-id"], name="mention_of_person")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.activity_id}"


class Follower(BaseModel):
    """Who hears of everything new on a card; ``seen_change`` is the latest change told."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    key = models.UUIDField()
    seen_change = models.BigIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "user"], name="follower_unique")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} follows {self.kind} {self.key}"
