"""Files on cards, leads on their way, groups of companies, hand-over, personal data."""

from __future__ import annotations

import json
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import User
from apps.accounts.rights import hidden_of, mask, needs, require, visible
from apps.core import objects
from apps.core.lists import chosen_rows, show_list
from apps.counterparties import files, handing_over, leads, privacy, sections, selectors
from apps.counterparties.forms import as_key
from apps.counterparties.lists import InboxList
from apps.counterparties.models import Attachment, Consent, Counterparty, HandOver
from tenants.audit.services import record

_UNDO = Signer(salt="counterparties.leads")


# Files -------------------------------------------------------------------------------------------


@require_POST
@needs("counterparties.view")
def file_add(request: HttpRequest, kind: str, key: UUID) -> HttpResponse:
    """Keep the files that were dropped on a card, or chosen."""
    texts = {
        files.TooLarge: _("“%(name)s” is larger than 25 MB."),
        files.Empty: _("“%(name)s” holds nothing."),
        files.TooMany: _("This card has 200 files already: “%(name)s” was not kept."),
    }
    try:
        files.card_of(kind=kind, key=key, by=request.user)
    except files.NoSuchCard:
        raise Http404(str(key)) from None
    for sent in request.FILES.getlist("file")[:20]:
        try:
            files.keep_file(
                kind=kind, key=key, name=sent.name or "", source=cast(Any, sent.file),
                size=sent.size or 0, by=request.user,
            )  # fmt: skip
        except files.NoSuchCard:
            raise Http404(str(key)) from None
        except files.FileRefused as refusal:
            messages.error(request, texts[type(refusal)] % {"name": sent.name})
        else:
            messages.success(request, _("“%(name)s” is kept.") % {"name": sent.name})
    return redirect(_card_address(request, kind, key))


@require_safe
@needs("counterparties.view")
def file_get(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Send a file: shown in place when it is a picture or a PDF, else as a download."""
    file = _file(request, pk, "view")
    try:
        return files.answer(
            digest=file.digest, name=file.name, content_type=file.content_type,
            as_download=request.GET.get("as") == "download",
        )  # fmt: skip
    except FileNotFoundError as error:
        raise Http404(str(pk)) from error


@require_POST
@needs("counterparties.view")
def file_archive(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a file into the trash, or bring it back."""
    file = _file(request, pk, "change")
    back = request.POST.get("back") == "yes"
    files.archive_file(file_id=file.pk, is_archived=not back)
    text = _("“%(name)s” is back.") if back else _("“%(name)s” is in the trash.")
    messages.success(request, text % {"name": file.name})
    return redirect(_card_address(request, file.kind, file.key))


def _file(request: HttpRequest, pk: UUID, action: str) -> Attachment:
    file = get_object_or_404(Attachment, pk=pk)
    try:
        files.card_of(kind=file.kind, key=file.key, by=request.user, action=action)
    except files.NoSuchCard:
        raise Http404(str(pk)) from None
    return file


def _card_address(request: HttpRequest, kind: str, key: UUID) -> str:
    address = reverse(objects.kind(kind).card_url_name, args=[key])
    return f"{address}?tab={sections.FILES}" if kind == "counterparties" else address


# Leads -------------------------------------------------------------------------------------------


@require_safe
@needs("counterparties.view")
def inbox(request: HttpRequest) -> HttpResponse:
    """Show the requests that wait to be accepted or declined, the oldest first."""
    return show_list(request, InboxList(request), template="counterparties/inbox.html")


@require_POST
@needs("counterparties.change")
def lead_bulk(request: HttpRequest) -> HttpResponse:
    """Accept or decline the chosen ones."""
    rows = visible(request.user, chosen_rows(InboxList(request)), "counterparties.change")
    return _move(request, list(rows.values_list("pk", flat=True)), reverse("counterparties:inbox"))


@require_POST
@needs("counterparties.change")
def lead(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let one lead go on."""
    rows = visible(request.user, Counterparty.objects.all(), "counterparties.change")
    partner = get_object_or_404(rows, pk=pk)
    is_inbox = request.GET.get("from") == "inbox"
    card, inbox_url = reverse("counterparties:card", args=[pk]), reverse("counterparties:inbox")
    return _move(request, [partner.pk], inbox_url if is_inbox else card)


def _move(request: HttpRequest, keys: list[UUID], back: str) -> HttpResponse:
    try:
        before = leads.move(
            keys=keys, to=request.POST.get("to", ""), by=request.user,
            reason=request.POST.get("reason", ""),
        )  # fmt: skip
    except leads.NoSuchWay:
        messages.error(request, _("It does not go there from where it stands. Nothing changed."))
        return redirect(back)
    count = len(before)
    texts = {
        "rejected": ngettext("%(count)d was declined.", "%(count)d were declined.", count),
        "customer": ngettext(
            "%(count)d is a customer now.", "%(count)d are customers now.", count
        ),
    }  # fmt: skip
    usual = ngettext("%(count)d was accepted.", "%(count)d were accepted.", count)
    text = texts.get(request.POST.get("to", ""), usual) % {"count": count}
    if not request.headers.get("HX-Request"):
        messages.success(request, text)
        return redirect(back)
    token = _UNDO.sign_object({str(key): status for key, status in before.items()})
    undo = f"{reverse('counterparties:lead_undo')}?what={token}"
    answer = HttpResponse(status=204)
    told = {"text": text, "undo": {"label": _("Undo"), "url": undo}}
    answer["HX-Trigger"] = json.dumps({"toast": told})
    return answer


@require_POST
@needs("counterparties.change")
def lead_undo(request: HttpRequest) -> HttpResponse:
    """Take a move back that the toast of a moment ago offers."""
    try:
        told = _UNDO.unsign_object(request.GET.get("what", ""))
    except BadSignature:
        raise Http404("what") from None
    rows = visible(request.user, Counterparty.objects.all(), "counterparties.change")
    mine = set(rows.filter(pk__in=told).values_list("pk", flat=True))
    leads.put_back(before={UUID(k): status for k, status in told.items() if UUID(k) in mine})
    return HttpResponse(status=204)


# A group of companies -----------------------------------------------------------------------------


@require_safe
@needs("counterparties.view")
def group(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a company with all that belong to it, and what was sold to each and to all."""
    rows = visible(request.user, Counterparty.objects.all(), "counterparties.view")
    partner = get_object_or_404(rows.select_related("parent"), pk=pk)
    keys = selectors.family(partner.pk)
    members = list(rows.filter(pk__in=keys).order_by("sort_name", "id"))
    mask(request.user, [partner, *members])
    turnover = sections.turnover([row.pk for row in members])
    whole: dict[str, Any] = {}
    for member in members:
        member.turnover = turnover.get(member.pk, ())
        for currency, amount in turnover.get(member.pk, ()):
            whole[currency] = whole.get(currency, 0) + amount
    context = {"partner": partner, "members": members, "whole": sorted(whole.items())}
    return render(request, "counterparties/group.html", context)


# Hand-over ----------------------------------------------------------------------------------------


class HandOverForm(forms.Form):
    """Who leaves, and who takes over: everything, or kind by kind."""

    giver = forms.ModelChoiceField(queryset=User.objects.none())
    receiver = forms.ModelChoiceField(queryset=User.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.order_by("full_name", "email", "pk")
        fields = cast("dict[str, forms.ModelChoiceField[User]]", self.fields)
        fields["giver"].queryset = people
        fields["receiver"].queryset = people.filter(is_active=True)


@require_http_methods(["GET", "POST"])
@needs("people.change")
def hand_over_all(request: HttpRequest) -> HttpResponse:
    """Hand over everything of somebody who leaves, after a look at how much that is."""
    key = as_key(_asked(request, "giver"))
    giver = User.objects.filter(pk=key).first() if key is not None else None
    shares = handing_over.shares(giver) if giver else []
    problem = ""
    if request.method == "POST" and giver is not None:
        problem = _hand_over(request, giver, [share.kind.key for share in shares])
        if not problem:
            return redirect("counterparties:hand_over_all")
    context = {
        "giver": giver, "shares": shares, "problem": problem,
        "people": User.objects.order_by("-is_active", "full_name", "email", "pk"),
        "receivers": [each for each in selectors.people() if giver is None or each.pk != giver.pk],
        "latest": _told(handing_over.latest()),
    }  # fmt: skip
    return render(
        request, "counterparties/hand_over.html", context, status=422 if problem else 200
    )


def _hand_over(request: HttpRequest, giver: User, kinds: list[str]) -> str:
    """Hand over what was ticked; return the sentence about what hinders it."""
    everyone = {str(each.pk): each for each in selectors.people()}
    usual = request.POST.get("receiver", "")
    chosen = {kind: request.POST.get(f"receiver_{kind}", "") or usual for kind in kinds}
    receivers = {kind: everyone[key] for kind, key in chosen.items() if key in everyone}
    try:
        done = handing_over.hand_over(
            giver=giver, receivers=receivers, by=cast(User, request.user)
        )
    except handing_over.NothingToHandOver:
        return _("Choose who takes over.") if kinds else _("There is nothing to hand over.")
    except handing_over.HandOverRefused:
        return _("Choose somebody else who may sign in.")
    count = sum(len(keys) for each in done for keys in each.keys.values())
    record(
        kind="people.handed_over", login=giver.email, by=cast(User, request.user).email,
        count=count,
    )  # fmt: skip
    text = ngettext(
        "%(count)d of %(giver)s is handed over.", "%(count)d of %(giver)s are handed over.", count
    )
    messages.success(request, text % {"count": count, "giver": giver})
    return ""


def _told(done: Any) -> list[dict[str, Any]]:
    named = {kind.key: kind for kind in objects.kinds()}
    return [
        {
            "row": each,
            "counts": [
                (named[key].label_plural if key in named else key, len(keys))
                for key, keys in each.keys.items()
            ],
        }
        for each in done
    ]


@require_POST
@needs("people.change")
def hand_over_undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a hand-over back."""
    get_object_or_404(HandOver, pk=pk)
    try:
        count = handing_over.take_back(hand_over_id=pk, now=timezone.now())
    except handing_over.AlreadyUndone:
        messages.error(request, _("This was taken back before."))
    else:
        text = ngettext("%(count)d was given back.", "%(count)d were given back.", count)
        messages.success(request, text % {"count": count})
    return redirect("counterparties:hand_over_all")


def _asked(request: HttpRequest, name: str) -> str:
    return str(request.POST.get(name) or request.GET.get(name, ""))


# Personal data ------------------------------------------------------------------------------------


@require_POST
@needs("counterparties.change")
def consent_add(request: HttpRequest, kind: str, key: UUID) -> HttpResponse:
    """Note a consent: its day, the text it was given to, and how."""
    subject = _subject(request, kind, key, "change")
    given_on = parse_date(request.POST.get("given_on", "") or "none")
    text = request.POST.get("text_version", "").strip()
    if given_on is None or not text:
        messages.error(request, _("A consent has a day and the text it was given to."))
    else:
        privacy.give_consent(
            subject=subject, given_on=given_on, text_version=text,
            channel=request.POST.get("channel", "").strip(),
        )  # fmt: skip
        messages.success(request, _("The consent is noted."))
    return redirect(objects.kind(kind).card_url_name, key)


@require_POST
@needs("counterparties.change")
def consent_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Note that a consent was taken back today."""
    consent = get_object_or_404(Consent.objects.select_related("person", "counterparty"), pk=pk)
    kind = "contacts" if consent.person_id else "counterparties"
    key = consent.person_id or consent.counterparty_id
    _subject(request, kind, key, "change")
    privacy.withdraw_consent(consent=consent, on=timezone.localdate())
    messages.success(request, _("It is noted that the consent was taken back."))
    return redirect(objects.kind(kind).card_url_name, key)


@require_safe
@needs("counterparties.view")
def personal_data(request: HttpRequest, kind: str, key: UUID) -> HttpResponse:
    """Send all that is kept of a person as a file; not to whom part of it is hidden."""
    subject = _subject(request, kind, key, "view")
    if hidden_of(request.user, subject):
        raise PermissionDenied
    record(kind="personal_data.exported", subject=str(key), by=cast(User, request.user).email)
    told = json.dumps(
        privacy.told_of(subject), cls=DjangoJSONEncoder, ensure_ascii=False, indent=1
    )
    answer = HttpResponse(told, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="person-{key}.json"'
    return answer


@require_http_methods(["GET", "POST"])
@needs("counterparties.change")
def erase(request: HttpRequest, kind: str, key: UUID) -> HttpResponse:
    """Erase a person after asking, and report what was removed."""
    require(request.user, "people.change")
    subject = _subject(request, kind, key, "change")
    context: dict[str, Any] = {"subject": subject, "kind": kind, "key": key}
    if request.method == "POST":
        try:
            context["removed"] = privacy.erase(
                subject=subject, by=request.user.pk, now=timezone.now()
            )
        except privacy.NotAPerson:
            raise Http404(str(key)) from None
        record(kind="personal_data.erased", subject=str(key), by=cast(User, request.user).email)
    return render(request, "counterparties/erase.html", context)


def _subject(request: HttpRequest, kind: str, key: UUID, action: str) -> Any:
    try:
        return privacy.found(kind=kind, key=key, by=request.user, action=action)
    except (LookupError, KeyError):
        raise Http404(str(key)) from None
