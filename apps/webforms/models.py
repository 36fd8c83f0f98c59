"""Forms for the company's own site, and what was posted through them."""

from __future__ import annotations

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import BaseModel


def new_key() -> str:
    """Return a key that nobody guesses."""
    return secrets.token_urlsafe(18)


class WebForm(BaseModel):
    """A form: which fields it asks for, what it says afterwards, whose the leads are."""

    name = models.CharField(_("name"), max_length=80)
    key = models.CharField(max_length=40, unique=True, default=new_key, editable=False)
    fields = models.JSONField(_("fields"), default=list)  # keys of fields, in order
    required = models.JSONField(_("required"), default=list)
    thanks = models.TextField(_("what it says afterwards"), blank=True)
    owner = models.ForeignKey(
        "accounts.User", verbose_name=_("responsible for the leads"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("web form")
        verbose_name_plural = _("web forms")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name


class WebFormPost(BaseModel):
    """Something that was posted: kept so that the same again makes no second lead."""

    form = models.ForeignKey(WebForm, on_delete=models.CASCADE, related_name="posts")
    digest = models.CharField(max_length=64)
    counterparty_id = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["form", "digest"], name="web_form_post_once")
        ]
        indexes = [models.Index(fields=["form", "created_at"], name="web_form_post_by_time")]

    def __str__(self) -> str:
        return f"{self.form_id}: {self.counterparty_id}"
