"""The form a message is written in."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import getaddresses
from typing import Any, cast
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from apps.accounts.models import User
from apps.mail import selectors
from apps.mail.files import LARGEST_OF_ALL
from apps.mail.models import Mailbox, MailFile
from apps.mail.parsing import ReadFile
from apps.mail.writing import MOST_RECIPIENTS, Draft

MOST_FILES = 20
TOO_LARGE = _("Files of more than 18 MB altogether are not taken by most servers.")


class Addresses(forms.CharField):
    """Addresses with commas, semicolons or spaces between them, each looked at."""

    def clean(self, value: Any) -> list[str]:
        """Return the addresses, each once, as servers take them.

        :raises ValidationError: with what is none.
        """
        text = super().clean(value).replace(";", ",")
        if "<" in text:  # «Anna <anna@romashka.example>», as programs copy it
            text = " ".join(address for _name, address in getaddresses([text]) if address)
        found = [_plain(each) for each in text.replace(",", " ").split()]
        wrong = [each for each in found if not _is_address(each)]
        if wrong:
            raise ValidationError(
                ngettext_lazy(
                    "%(names)s is no e-mail address.", "%(names)s are no e-mail addresses.",
                    len(wrong),
                ) % {"names": ", ".join(wrong)[:200]}
            )  # fmt: skip
        return list(dict.fromkeys(found))


class _Several(forms.ClearableFileInput):
    allow_multiple_selected = True


class _Files(forms.FileField):
    """Any number of files, the empty ones too: an empty file is a file."""

    widget = _Several

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return list(data or [])


class DraftForm(forms.Form):
    """From, to, copy, subject, text, files.

    ``offered`` are the addresses of the card with their names, ``attached`` files of a draft.
    """

    mailbox = forms.ModelChoiceField(
        label=pgettext_lazy("mail", "From"), queryset=Mailbox.objects.none(), empty_label=None
    )
    chosen = forms.MultipleChoiceField(
        label=_("To"), required=False, widget=forms.CheckboxSelectMultiple
    )
    to = Addresses(label=_("Further recipients"), max_length=4000, required=False)
    cc = Addresses(label=_("Copy to"), max_length=4000, required=False)
    subject = forms.CharField(label=_("Subject"), max_length=500)
    text = forms.CharField(
        label=_("Text"), max_length=100_000, widget=forms.Textarea(attrs={"rows": 8}), strip=False
    )
    uploads = _Files(label=_("Files"), required=False)
    kept = forms.MultipleChoiceField(
        label=_("Attached"), required=False, widget=forms.CheckboxSelectMultiple
    )
    answers = forms.UUIDField(required=False, widget=forms.HiddenInput)
    draft = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, user: User, offered: Sequence[tuple[str, str]] = (),
        attached: Sequence[MailFile] = (), **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **{"label_suffix": "", "auto_id": "mail_%s", **kwargs})
        field = cast("forms.ModelChoiceField[Mailbox]", self.fields["mailbox"])
        field.queryset = selectors.boxes_to_write_from(user)
        field.label_from_instance = lambda box: f"{box.name} <{box.address}>"  # type: ignore[method-assign, assignment]
        cast("forms.MultipleChoiceField", self.fields["chosen"]).choices = list(offered)
        if not self.initial.get("subject"):
            self.fields["subject"].widget.attrs["data-first"] = "yes"
        files = [(str(file.pk), file.name) for file in attached]
        cast("forms.MultipleChoiceField", self.fields["kept"]).choices = files

    def clean(self) -> dict[str, Any]:
        """Look whether somebody gets it, and not too many, in one line of subject."""
        data = super().clean() or {}
        data["subject"] = " ".join(str(data.get("subject", "")).split())
        chosen = [_plain(each) for each in data.get("chosen", [])]
        data["recipients"] = list(dict.fromkeys([*chosen, *data.get("to", [])]))
        copies = [each for each in data.get("cc", []) if each not in data["recipients"]]
        data["copies"] = copies
        if not data["recipients"] and "to" not in self.errors:
            self.add_error("to", _("Say who gets it."))
        if len(data["recipients"]) + len(copies) > MOST_RECIPIENTS:
            self.add_error("to", _("A letter to more than 50 people is no letter of one's own."))
        if len(data.get("uploads", [])) > MOST_FILES:
            self.add_error("uploads", _("More than 20 files are not sent at once."))
        if sum(each.size or 0 for each in data.get("uploads", [])) > LARGEST_OF_ALL:
            self.add_error("uploads", TOO_LARGE)
        return data

    def message(self) -> Draft:
        """Return what was written."""
        data = self.cleaned_data
        return Draft(
            mailbox_id=data["mailbox"].pk, to=data["recipients"], cc=data["copies"],
            subject=data["subject"], text=data["text"].replace("\r\n", "\n").strip("\n"),
            answers=data["answers"], kept=[UUID(each) for each in data["kept"]],
            attached=[ReadFile(each.name or "file", each.read()) for each in data["uploads"]],
        )  # fmt: skip


def _plain(address: str) -> str:
    """Return an address with its domain as servers know it: почта.рф is xn--80a1acny.xn--p1ai."""
    local, at, domain = address.strip("<>").rpartition("@")
    try:
        return f"{local}{at}{domain.encode('idna').decode().lower()}"
    except UnicodeError:
        return address


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return text.isascii()
