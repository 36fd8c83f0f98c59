"""What people read when an exchange with an office is refused or fails."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "malformed": _("The message cannot be read; nothing of it was taken. It is sent again."),
    "too_large": _("The message is larger than any may be; nothing of it was taken."),
    "bad_signature": _("The message was not signed by this office; nothing of it was taken."),
    "not_for_us": _("The message is for another company or office; nothing of it was taken."),
    "wrong_number": _("A message before this one has not arrived; it is sent first."),
    "forked": _(
        "A message came a second time with other content: a copy of the office's base is in use. "
        "Stop one of the two, then give the office a new code."
    ),
    "wrong_release": _(
        "The programs of the centre and of the office are too far apart. Update the older one; "
        "nothing is lost meanwhile."
    ),
    "not_in_exchange": _("The office has to join again with a new code."),
    "session": _("The office could not prove who it is. It has to join again with a new code."),
    "revoked": _("The centre has withdrawn the office's access."),
    "code": _("There is no such code, or it has been used, or is older than a week."),
    "throttled": _("Too many tries. Wait a minute."),
    "not_there": _("The centre does not have this message any more."),
    "no_file": _("The centre does not have this file, or the office may not hold it."),
    "wrong_bytes": _("A file arrived damaged; it is fetched again."),
    "offset": _("A part of the message was lost on the way; it is sent again."),
    "not_a_file": _("This is no file of an exchange between the centre and an office."),
    "file_cut": _("The file is cut short. What was whole in it is taken; copy it once more."),
    "gap": _("A file before this one is missing. Take that one first, or exchange by the line."),
    "no_file_key": _(
        "The office and the centre have not met by the line yet. They have to once; after that "
        "files will do."
    ),
    "unreachable": _("The centre cannot be reached. The exchange is tried again by itself."),
    "cut": _("The line broke. The exchange goes on where it was as soon as the line is back."),
    "disk_full": _(
        "The disk of this office is full; nothing was lost. Free some space: the exchange goes on "
        "by itself."
    ),
    "restored": _("A base was restored from a backup; the office gets a new copy."),
    "unexpected": _("The centre gave an answer that this program does not understand."),
}


def sentence(code: str) -> Promise:
    """Return what a code means."""
    return SENTENCES.get(code, SENTENCES["unexpected"])
