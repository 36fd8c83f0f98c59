"""Keys to registers, and what registers say of a company."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.models import BaseModel


class RegisterState(models.TextChoices):
    """What a register says of a company."""

    ACTIVE = "active", pgettext_lazy("company in the register", "Active")
    LIQUIDATING = "liquidating", pgettext_lazy("company in the register", "In liquidation")
    LIQUIDATED = "liquidated", pgettext_lazy("company in the register", "Liquidated")
    BANKRUPT = "bankrupt", pgettext_lazy("company in the register", "In bankruptcy")
    REORGANIZING = "reorganizing", pgettext_lazy("company in the register", "Being reorganized")
    NOT_VALID = "not_valid", pgettext_lazy("company in the register", "Number is not valid")


ALARMING = frozenset(
    {
        RegisterState.LIQUIDATING, RegisterState.LIQUIDATED, RegisterState.BANKRUPT,
        RegisterState.NOT_VALID,
    }
)  # fmt: skip


class RegisterAccess(BaseModel):
    """The key a company was given to a register; ``secret`` is encrypted."""

    register = models.CharField(_("register"), max_length=20, unique=True)
    secret = models.BinaryField(editable=False)

    class Meta:
        verbose_name = _("key to a register")
        verbose_name_plural = _("keys to registers")

    def __str__(self) -> str:
        return self.register
