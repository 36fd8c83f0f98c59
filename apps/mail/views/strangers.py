"""The page of unknown senders, and what is made of them."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import User
from apps.accounts.rights import needs, row_or_404, signed_in
from apps.core.objects import Refused
from apps.counterparties.models import ContactPerson, Counterparty
from apps.mail import selectors, strangers


class AddForm(forms.Form):
    """To whom an address belongs: a customer, and a contact person there if it is one's own."""

    counterparty = forms.UUIDField(widget=forms.HiddenInput)
    counterparty_name = forms.CharField(
        label=gettext_lazy("Customer"), max_length=250, required=False
    )
    person = forms.ModelChoiceField(
        label=gettext_lazy("Contact person"), queryset=ContactPerson.objects.none(), required=False,
        empty_label=gettext_lazy("Nobody in particular"),
    )  # fmt: skip

    def __init__(self, *args: Any, partner: Counterparty | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        if partner is not None:
            field = cast("forms.ModelChoiceField[ContactPerson]", self.fields["person"])
            field.queryset = ContactPerson.objects.filter(
                counterparty=partner, is_archived=False
            ).order_by("full_name", "pk")


@require_safe
@needs("activities.view")
def sender_list(request: HttpRequest) -> HttpResponse:
    """Show who wrote and is nobody of ours; ``?automatic=yes`` machines too."""
    user = signed_in(request)
    asked = request.GET.get("begin", "")
    begin = int(asked) if asked.isdecimal() and len(asked) < 7 else 0
    words = request.GET.get("q", "")[:100].replace("\x00", " ").strip()
    with_automatic = request.GET.get("automatic") == "yes"
    found, has_more = strangers.senders(
        user=user, with_automatic=with_automatic, words=words, begin=begin
    )
    context = {
        "senders": found, "with_automatic": with_automatic, "words": words, "begin": begin,
        "following": begin + strangers.PAGE if has_more else 0,
        "has_boxes": bool(found) or selectors.boxes_to_read(user).exists(),
    }  # fmt: skip
    return render(request, "mail/strangers.html", context)


@require_POST
@needs("counterparties.create")
def lead(request: HttpRequest) -> HttpResponse:
    """Make a lead of a sender."""
    try:
        made = strangers.make_lead(address=_address(request), by=signed_in(request))
    except strangers.NoSuchStranger as error:
        raise Http404(str(error)) from error
    except Refused as refused:
        for sentence in (each for found in refused.errors.values() for each in found):
            messages.error(request, sentence)
        return redirect("mail:strangers")
    text = _("“%(name)s” is a lead now; the letters stand on its card.")
    messages.success(request, text % {"name": made.name})
    return redirect("counterparties:card", made.pk)


@require_http_methods(["GET", "POST"])
@needs("counterparties.edit")
def add(request: HttpRequest) -> HttpResponse:
    """Add the address of a sender to a customer, or to a contact person there."""
    user = signed_in(request)
    address = _address(request)
    partner = _partner(request, user)
    form = AddForm(
        request.POST if request.method == "POST" else None, partner=partner,
        initial={"counterparty": getattr(partner, "pk", "")},
    )  # fmt: skip
    if form.is_valid() and partner is not None:
        person = form.cleaned_data["person"]
        try:
            strangers.add_to_customer(
                address=address, counterparty_id=partner.pk, by=user,
                person_id=person.pk if person else None,
            )  # fmt: skip
        except strangers.NoSuchStranger as error:
            raise Http404(address) from error
        text = _("%(address)s belongs to “%(name)s” now; the letters stand on its card.")
        messages.success(request, text % {"address": address, "name": partner.name})
        return redirect("counterparties:card", partner.pk)
    if not selectors.strangers(user, with_automatic=True).filter(from_address=address).exists():
        raise Http404(address)
    context = {"form": form, "address": address, "partner": partner}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "mail/add.html", context, status=status)


@require_POST
@needs("activities.edit")
def ignore(request: HttpRequest) -> HttpResponse:
    """Leave out letters of a sender."""
    address = _address(request)
    try:
        count = strangers.ignore(address=address, by=signed_in(request))
    except strangers.NoSuchStranger as error:
        raise Http404(address) from error
    text = ngettext(
        "%(address)s is ignored; %(count)s letter was removed here, not in the mailbox.",
        "%(address)s is ignored; %(count)s letters were removed here, not in the mailbox.", count,
    )  # fmt: skip
    messages.success(request, text % {"address": address, "count": count})
    return redirect("mail:strangers")


@require_safe
@needs("activities.view")
def ignored_list(request: HttpRequest) -> HttpResponse:
    """Show the addresses that are ignored."""
    rows = strangers.ignored(user=signed_in(request))
    return render(request, "mail/ignored.html", {"ignored": rows})


@require_POST
@needs("activities.edit")
def stop_ignoring(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep letters of an address again."""
    try:
        found = strangers.stop_ignoring(ignored_id=pk, by=signed_in(request))
    except strangers.NoSuchStranger as error:
        raise Http404(str(pk)) from error
    text = _("New letters from %(address)s are kept again.")
    messages.success(request, text % {"address": found.address})
    return redirect("mail:ignored")


def _address(request: HttpRequest) -> str:
    given = request.POST.get("address") or request.GET.get("address") or ""
    return given[:254].replace("\x00", "").strip().lower()


def _partner(request: HttpRequest, user: User) -> Counterparty | None:
    given = request.POST.get("counterparty") or request.GET.get("counterparty") or ""
    try:
        key = UUID(given)
    except ValueError:
        return None
    rows = Counterparty.objects.filter(is_archived=False)
    found: Counterparty = row_or_404(user, rows, "counterparties.edit", key)
    return found
