"""After how many months rows of a kind are erased."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import BaseModel


class RetentionRule(BaseModel):
    """Rows of one kind are erased after so many months; without a rule they are kept."""

    kind = models.CharField(_("kind"), max_length=40, unique=True)
    months = models.PositiveSmallIntegerField(_("months"))
    set_by = models.ForeignKey(
        "accounts.User", verbose_name=_("set by"), null=True, on_delete=models.SET_NULL,
        related_name="+",
    )  # fmt: skip

    class Meta:
        verbose_name = _("rule of keeping")
        verbose_name_plural = _("rules of keeping")

    def __str__(self) -> str:
        return f"{self.kind}: {self.months}"
