"""What the exchange tells people: refusals to 1C's own log, causes and problems on our screens.

Keys travel in the database and in the stream; the sentence is made here, in the language that is
active. Sentences to 1C stay under 255 characters: УНФ does not show longer ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CAUSES: dict[str, Promise] = {
    "wrong_password": _(
        "The login or the password is not right. Compare them with the connection page of Köprü."
    ),
    "locked": _("Too many wrong passwords from this address. Try again in %(seconds)s seconds."),
    "no_authorization": _(
        "The login did not arrive. If the site address begins with http, enter it with https: a"
        " redirect loses the password. Otherwise the web server must pass the Authorization header."
    ),
    "no_session": _(
        "The session is unknown or has ended. Start the exchange again; 1C signs in anew by itself."
    ),
    "opened_by_hand": _("This address is for 1C: a browser is given nothing here."),
    "node_off": _("This exchange is switched off in Köprü. An administrator can switch it on."),
    "bad_name": _('The file name "%(name)s" is not allowed. Nothing was kept of this file.'),
    "no_name": _("The file has no name: the address lacks filename=…"),
    "empty_part": _(
        'The part of "%(name)s" is empty. A web server in between may refuse large requests: '
        "choose a"
        " smaller part size on the settings page of this connection."
    ),
    "part_cut_off": _(
        "The part was cut off: %(received)s of %(expected)s bytes arrived. The file is kept as "
        "it was;"
        " start the exchange again."
    ),
    "too_large": _(
        "The upload is larger than the %(limit)s bytes allowed. Nothing of it was kept."
    ),
    "disk_full": _(
        "There is no space left on the server. What was taken before stays as it was; run the "
        "exchange"
        " again when the operator has made room."
    ),
    "storage_lost": _(
        "The file storage of the server does not answer. What was taken before stays as it "
        "was; run the"
        " exchange again."
    ),
    "not_received": _(
        'The file "%(name)s" was not received in this session. Start the exchange again.'
    ),
    "not_readable": _(
        "The file is cut short or is not XML (line %(line)s). Nothing of it was kept; what was "
        "taken"
        " before stays as it was. Export it again."
    ),
    "archive_refused": _("The archive is refused: %(reason)s. Nothing of it was kept."),
    "archive_broken": _(
        "The archive is cut short or damaged. Nothing of it was kept; export it again."
    ),
    "first_portion_failed": _(
        "Skipped, because the first portion of this catalogue was not taken. Export the "
        "catalogue again."
    ),
    "interrupted": _(
        "Taking the file was interrupted %(attempts)s times. Nothing of it was kept; run it "
        "again or"
        " show this page to support."
    ),
    "database_lost": _(
        "The connection to the database was lost three times. Nothing of the file was kept; "
        "run it again."
    ),
    "defect": _(
        "Köprü has a fault with this file. It is written down with all details; nothing of the "
        "file was"
        " kept and the other files were taken."
    ),
    "cancelled": _("Cancelled by a person. Files already taken stay taken."),
    "no_worker": _(
        "The exchange workers of the server are not running. The file is kept and is taken "
        "when they are."
    ),
    "takes_too_long": _(
        "Taking this file lasts longer than expected and goes on without 1C. Look at the "
        "exchange page of"
        " Köprü before starting again."
    ),
    "not_supported": _("Köprü does not offer this exchange: %(subject)s."),
    "database_away": _(
        "The database does not answer. Nothing was changed; start the exchange again."
    ),
    "document_refused": _(
        "The file is refused: %(reason)s. Köprü never reads such XML. Nothing of it was kept."
    ),
    "import_without_run": _("The file has not been taken. Start the exchange again."),
}

# One sentence for each code of a problem: what was wrong. Where it was stands before it and what
# was
# kept after it, so that the three together read as one message.
PROBLEMS: dict[str, Promise] = {
    "not_well_formed": _("the file is cut short or is not XML."),
    "not_a_number": _("“%(value)s” is not a number."),
    "not_a_date": _("“%(value)s” is not a date."),
    "not_offered": _("“%(value)s” is not among the choices of the field: add it there."),
    "not_of_field": _("“%(value)s” is no value of the field."),
    "value_taken": _("another one has “%(value)s” already, and the field takes it once."),
    "missing_ref": _("the identifier («Ид») is missing."),
    "missing_name": _("the name is missing."),
    "too_long": _("“%(value)s” is longer than the field."),
    "too_large": _("“%(value)s” is too large."),
    "repeated_ref": _("the identifier “%(value)s” stands twice in the file."),
    "unknown_product": _("1C has not sent a product with the identifier “%(value)s”."),
    "unknown_characteristic": _("1C has not sent the characteristic “%(value)s”."),
    "unknown_price_type": _("1C has not sent the price type “%(value)s”."),
    "unknown_warehouse": _("1C has not sent the warehouse “%(value)s”."),
    "unknown_group": _("1C has not sent the product group “%(value)s”."),
    "unknown_property": _("1C has not sent the property “%(value)s”."),
    "unknown_currency": _("“%(value)s” is not a known currency."),
    "unknown_document": _("there is no document “%(value)s” here."),
    "unknown_operation": _("documents of the kind “%(value)s” are not taken."),
    "bad_tax_number": _("“%(value)s” is not a valid tax number."),
    "bad_path": _("the file path “%(value)s” is not allowed."),
    "missing_file": _("the file “%(value)s” is named but was not sent."),
    "refused": _("“%(value)s” is refused."),
    "conflict": _("changed in 1C and here since the last exchange: “%(value)s”."),
}
KEPT: dict[str, Promise] = {
    "former_value": _(
        "“%(name)s” keeps its former value. Correct it in 1C and run the exchange again."
    ),
    "rest_of_row": _(
        "The rest of “%(name)s” was taken. Correct it in 1C and run the exchange again."
    ),
    "nothing": _("Nothing of it was kept."),
    "waits": _("The row waits and is taken as soon as 1C sends what it refers to."),
    "": _("The other values were taken."),
}


def cause(key: str, values: Mapping[str, Any] | None = None) -> str:
    """Return the sentence of a cause."""
    sentence = CAUSES.get(key)
    return str(sentence) % (values or {}) if sentence is not None else key


def problem(
    *,
    code: str,
    value: str,
    name: str,
    ref: str,
    kept: str,
    cause_values: Mapping[str, Any] | None = None,
) -> str:
    """Return what was wrong with a value and what was kept, in one or two sentences."""
    values = {"value": value or ref, "name": name or ref}
    if code.startswith("file_"):
        return cause(code.removeprefix("file_"), cause_values)
    said = PROBLEMS.get(code)
    wrong = str(said) % values if said is not None else code
    rest = KEPT.get(kept, KEPT[""])
    if kept in ("former_value", "rest_of_row") and not values["name"]:
        rest = KEPT[""]
    return f"{wrong[:1].upper()}{wrong[1:]} {str(rest) % values}"
