"""What is said of files that cannot be read and of values that cannot be taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from apps.core import objects
from apps.imports.targets import Target


def unreadable(code: str, *, line: int = 0, what: str = "") -> str:
    """Return why a file was not read, and what to do."""
    known = {
        "too_large": _("The file is too large. Split it, or leave out columns you do not need."),
        "too_many_rows": _("The file has more than two million rows. Split it."),
        "too_many_columns": _("The file has more than 300 columns. Is the delimiter right?"),
        "line_too_long": _("A line is too long to be one: is a quotation mark never closed?"),
        "empty": _("There are no rows in the file."),
        "no_tables": _("There is no table in the file."),
        "no_customers": _("There are no customers in this file of 1C."),
        "locked": _("The file is protected by a password. Save it without one."),
        "broken": _("The file is damaged or cut short. Save it again and bring that one."),
        "no_mdbtools": _(
            "Access bases are read by mdbtools, which is not installed here. In Access choose"
            " External Data, Export, Text file, and bring that file; it is read the same way."
        ),
    }
    sentence = known.get(code, known["broken"])
    if line:
        sentence = _("Line %(line)s: %(sentence)s") % {"line": line, "sentence": sentence}
    return f"{sentence} ({what})" if what else sentence


def problem(told: Sequence[str], known: Mapping[str, Target]) -> str:
    """Return what is wrong with a line, in one sentence."""
    code, field, value = [*told, "", ""][:3]
    label = known[field].label if field in known else field
    if code == "not_right" and field in known:
        value = f"{value}: {objects.problem(known[field].field, value)}"
    sentences = {
        "not_a_number": _("%(field)s: “%(value)s” is not a number."),
        "not_a_date": _("%(field)s: “%(value)s” is not a date."),
        "not_an_email": _("%(field)s: “%(value)s” is not an e-mail address."),
        "not_a_url": _("%(field)s: “%(value)s” is not a web address."),
        "not_yes_or_no": _("%(field)s: “%(value)s” is neither yes nor no."),
        "too_long": _("%(field)s: “%(value)s” is too long."),
        "unknown_choice": _("%(field)s: “%(value)s” is none of the choices."),
        "unknown_person": _("%(field)s: nobody here is called “%(value)s”."),
        "unknown_row": _("%(field)s: “%(value)s” is not known."),
        "missing": _("%(field)s is missing."),
        "several": _("%(field)s: several have “%(value)s” already. Merge them first."),
        "not_yours": _("%(field)s: “%(value)s” is somebody else’s; you cannot change it."),
        "gone": _("%(field)s: “%(value)s” is in the bin, or was merged into another one."),
        "repeated": _("The same as line %(value)s."),
        "known_already": _("It is here already."),
        "not_known": _("It is not here yet."),
        "refused": "%(field)s: %(value)s" if field else "%(value)s",
    }  # fmt: skip
    return sentences.get(code, "%(field)s: %(value)s") % {"field": label, "value": value}


def of_line(problems: Sequence[Sequence[Any]], known: Mapping[str, Target]) -> str:
    """Return everything that is wrong with a line."""
    return " ".join(problem(each, known) for each in problems)
