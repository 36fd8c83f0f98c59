"""Why a register gave no answer, in words: what is wrong and what to do."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.registers import services
from apps.registers.providers import NotTold, Register
from apps.registers.providers.base import BROKEN, BUSY, DENIED, KEY, LINE, SLOW, WORDS

Refusal = NotTold | services.NoKey | services.NoRegister | services.UnknownThere
PROBLEMS: dict[str, str | Promise] = {
    KEY: gettext_lazy(
        "%(register)s refused the key. An administrator enters it anew in the settings, under"
        " “Company register”."
    ),
    DENIED: gettext_lazy(
        "%(register)s refused the call: the key is wrong, the e-mail of its account is not"
        " confirmed, or what is free or paid for today is used up. Look into the account there, or"
        " try again tomorrow."
    ),
    BUSY: gettext_lazy("%(register)s gets too many questions at once. Try again in a minute."),
    BROKEN: gettext_lazy(
        "%(register)s is out of order at the moment: %(detail)s. Try again later."
    ),
    SLOW: gettext_lazy("%(register)s did not answer within five seconds. Try again later."),
    LINE: gettext_lazy(
        "%(register)s cannot be reached from this server: %(detail)s. Try again later."
    ),
    WORDS: gettext_lazy("%(register)s answered with something that was not understood."),
}


def sentence(register: Register | None, error: Refusal) -> str:
    """Return what a person is told when a register gave no entry."""
    if register is None or isinstance(error, services.NoRegister):
        return _("No register knows numbers of this kind.")
    name = {"register": register.name}
    if isinstance(error, services.NoKey):
        return _("%(register)s wants a key, which an administrator enters in the settings.") % name
    if isinstance(error, services.UnknownThere):
        return _("%(register)s knows nobody with this number.") % name
    return str(PROBLEMS[error.code]) % {**name, "detail": error.detail}
