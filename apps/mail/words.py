"""What became of reading a box and of sending, in words: what is wrong and what to do."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.mail import delivering, handing, reaching

PROBLEMS: dict[str, str | Promise] = {
    reaching.NAME: _("The server's name %(detail)s is not known. Look whether it is spelled so."),
    reaching.PRIVATE: _("%(detail)s lies inside a private network, which is not called."),
    reaching.OPEN: _(
        "%(detail)s offers no encryption, so that the password was not sent. Ask the provider for"
        " the port that is encrypted, usually 993."
    ),
    reaching.LOGIN: _(
        "The server refused login or password: %(detail)s. Many providers want an app password:"
        " make one in the settings of the mailbox and enter it here."
    ),
    reaching.CERTIFICATE: _(
        "The server's certificate is not valid for this name: %(detail)s. Enter the name that"
        " stands in the certificate."
    ),
    reaching.FOLDER: _("There is no folder %(detail)s in this mailbox."),
    reaching.LINE: _(
        "The line broke: %(detail)s. Nothing is lost; it is tried again in some minutes."
    ),
}

_OF_SENDING: dict[str, str | Promise] = {
    reaching.OPEN: _(
        "%(detail)s offers no encryption, so that the password was not sent. Ask the provider for"
        " the port of sending that is encrypted, usually 465 or 587."
    ),
    reaching.LINE: _("The line to the server that sends broke: %(detail)s."),
    handing.REFUSED: _("The server did not take the message: %(detail)s."),
    handing.LATER: _("The server asks to come again later: %(detail)s."),
    delivering.FILE: _("A file that is attached is not there any more. Attach it anew."),
}


def sending_text(code: str, detail: str) -> str:
    """Return why something is not sent; ``""`` when nothing is wrong."""
    if not code:
        return ""
    return str(_OF_SENDING.get(code, PROBLEMS.get(code, ""))) % {"detail": detail}


def problem_text(code: str, detail: str) -> str:
    """Return why a box could not be read; ``""`` when it could."""
    return str(PROBLEMS[code]) % {"detail": detail} if code else ""
