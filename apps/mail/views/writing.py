"""Writing from a card, taking back, sending again, what is attached."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import Role, User
from apps.accounts.rights import can, needs, signed_in
from apps.activities import cards
from apps.counterparties.files import answer as file_answer
from apps.mail import files, selectors, writing
from apps.mail.draft_form import TOO_LARGE, DraftForm
from apps.mail.models import MailMessage, MailSending
from apps.mail.services import CONTACTS


@require_http_methods(["GET", "POST"])
@needs("activities.create")
def write(request: HttpRequest, kind: str, key: UUID) -> HttpResponse:
    """Write a message from a card; ``?reply=`` answers one, ``?draft=`` goes on with one."""
    user = signed_in(request)
    try:
        card, row = cards.find(user, kind, key)
    except cards.NoSuchCard as error:
        raise Http404(kind) from error
    customer = cards.customer_of(kind, key)
    first = key if kind == CONTACTS else None
    offered = selectors.addresses_of(customer, user=user, first=first) if customer else []
    draft = _draft(request, user)
    answered = _answered(request, user)
    form = DraftForm(
        request.POST or None, request.FILES or None, user=user,
        offered=[(address, f"{name} <{address}>") for address, name in offered],
        attached=files.of_messages([draft.message_id]).get(draft.message_id, []) if draft else [],
        initial=_initial(request, user, [address for address, _name in offered], draft, answered),
    )  # fmt: skip
    refusal = ""
    if form.is_valid():
        try:
            made = writing.write(
                draft=form.message(), kind=kind, key=key, by=user, now=timezone.now(),
                instead_of=draft.pk if draft else None,
            )  # fmt: skip
        except writing.TooLarge:
            form.add_error("uploads", TOO_LARGE)
        except writing.TooLate:
            refusal = _("The message has left meanwhile: it was not written a second time.")
        except writing.NoSuchMessage as error:
            raise Http404(str(error)) from error
        except writing.CardClosed:
            refusal = _closed_text()
        else:
            return _written(request, made, card.url(key))
    has_boxes = selectors.boxes_to_write_from(user).exists()
    if customer is None or not selectors.is_open(customer, user=user):
        refusal = _closed_text()
    context = {
        "form": form, "card_kind": card, "card_key": key, "card_row": row, "refusal": refusal,
        "has_boxes": has_boxes, "draft": draft, "answered": answered,
        "askable": [] if has_boxes else _askable(user), "card_address": card.url(key),
    }  # fmt: skip
    is_part = request.headers.get("HX-Request") == "true"
    template = "mail/_write.html" if is_part else "mail/write.html"
    return render(request, template, context, status=422 if form.is_bound else 200)


@require_POST
@needs("activities.create")
def hold(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a message back that has not left; its form opens again."""
    try:
        held = writing.take_back(sending_id=pk, by=signed_in(request), now=timezone.now())
    except writing.NoSuchMessage as error:
        raise Http404(str(pk)) from error
    except writing.TooLate:
        return _told(request, _("Too late: the message has left."), level="bad")
    return _told(request, _("Taken back: nothing was sent."), opens=edit_url(held))


@require_POST
@needs("activities.create")
def again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send a message that failed, was taken back, or of which nobody knows."""
    try:
        sent = writing.send_again(sending_id=pk, by=signed_in(request), now=timezone.now())
    except writing.NoSuchMessage as error:
        raise Http404(str(pk)) from error
    except writing.TooLate:
        return _told(request, _("Too late: the message has left."), level="bad")
    return _told(request, _leaves_text(), undo=reverse("mail:hold", args=[sent.pk]))


@require_POST
@needs("activities.create")
def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Delete a message that has not left."""
    try:
        writing.discard(sending_id=pk, by=signed_in(request))
    except writing.NoSuchMessage as error:
        raise Http404(str(pk)) from error
    except writing.TooLate:
        return _told(request, _("Too late: the message has left."), level="bad")
    return _told(request, _("The message is deleted."))


@require_safe
@needs("activities.view")
def file_get(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Send what is attached to a message to whoever may read the message."""
    file = get_object_or_404(selectors.files_to_read(signed_in(request)), pk=pk)
    try:
        return file_answer(
            digest=file.digest, name=file.name, content_type=file.content_type,
            as_download=request.GET.get("as") == "download",
        )  # fmt: skip
    except FileNotFoundError as error:
        raise Http404(str(pk)) from error


def edit_url(sending: MailSending) -> str:
    """Return where one goes on with a message that has not left; ``""`` when its card is gone."""
    link = sending.message.links.order_by("created_at", "pk").first()
    if link is None:
        return ""
    return f"{reverse('mail:write', args=[link.kind, link.key])}?draft={sending.pk}"


def _draft(request: HttpRequest, user: User) -> MailSending | None:
    asked = request.POST.get("draft") or request.GET.get("draft")
    if not asked:
        return None
    rows = MailSending.objects.filter(
        mailbox__in=selectors.boxes_to_write_from(user).values("pk"),
        message__in=selectors.readable(user).values("pk"), state__in=writing.CHANGEABLE,
    )  # fmt: skip
    return get_object_or_404(rows.select_related("message"), pk=_key(asked))


def _answered(request: HttpRequest, user: User) -> MailMessage | None:
    asked = request.POST.get("answers") or request.GET.get("reply")
    return get_object_or_404(selectors.readable(user), pk=_key(asked)) if asked else None


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404(text[:40]) from error


def _initial(
    request: HttpRequest, user: User, offered: list[str], draft: MailSending | None,
    answered: MailMessage | None,
) -> dict[str, Any]:  # fmt: skip
    if draft is not None:
        said = {
            "mailbox": draft.mailbox_id, "cc": ", ".join(draft.cc), "draft": draft.pk,
            "subject": draft.message.subject, "text": draft.message.text,
            "kept": [str(key) for key in draft.message.files.values_list("pk", flat=True)],
            "answers": _message_of(draft.in_reply_to, user),
        }  # fmt: skip
        return said | _split(draft.to, offered)
    if answered is not None:
        to, cc = writing.answer_of(answered, to_all=bool(request.GET.get("all")))
        said = {
            "cc": ", ".join(cc), "subject": answer_subject(answered.subject),
            "text": quoted(answered), "answers": answered.pk,
            "mailbox": selectors.box_to_answer_from(answered, user=user),
        }  # fmt: skip
        return said | _split(to, offered)
    return {"chosen": offered[:1]}


def _split(to: list[str], offered: list[str]) -> dict[str, Any]:
    return {
        "chosen": [each for each in offered if each in to],
        "to": ", ".join(each for each in to if each not in offered),
    }


def _message_of(name: str, user: User) -> UUID | None:
    rows = selectors.readable(user).filter(message_id=name)
    return rows.values_list("pk", flat=True).first() if name else None


def answer_subject(subject: str) -> str:
    """Return the subject of an answer, which says «Re:» once."""
    return subject if subject[:3].lower() == "re:" else f"Re: {subject}"[:500]


def quoted(message: MailMessage) -> str:
    """Return the text of a message as an answer quotes it."""
    at = date_format(timezone.localtime(message.sent_at), "SHORT_DATETIME_FORMAT")
    who = message.from_name or message.from_address
    head = _("%(at)s, %(who)s wrote:") % {"at": at, "who": who}
    return "\n".join(["", "", head, *(f"> {line}" for line in message.text[:20_000].splitlines())])


def _askable(user: User) -> list[User]:
    """Return whom to ask for a box, when one may not connect it oneself."""
    if can(user, "settings.change"):
        return []
    people = User.objects.filter(is_active=True, role__in=(Role.OWNER, Role.ADMINISTRATOR))
    return list(people.order_by("full_name", "email", "pk")[:3])


def _closed_text() -> str:
    return _("The e-mail of this customer is not shown to you: nothing is written from here.")


def _leaves_text() -> str:
    return _("The message leaves in 10 seconds.")


def _written(request: HttpRequest, made: MailSending, card_address: str) -> HttpResponse:
    undo = reverse("mail:hold", args=[made.pk])
    if request.headers.get("HX-Request") == "true":
        answer = HttpResponse("")
        answer["HX-Trigger"] = _trigger(_leaves_text(), undo=undo)
        return answer
    messages.success(request, _leaves_text())
    return redirect(card_address or reverse("mail:list"))


def _told(
    request: HttpRequest, text: str, *, level: str = "", undo: str = "", opens: str = ""
) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        answer = HttpResponse(status=204)
        answer["HX-Trigger"] = _trigger(text, level=level, undo=undo, opens=opens)
        return answer
    (messages.error if level == "bad" else messages.success)(request, text)
    return redirect(opens or "mail:list")


def _trigger(text: str, *, level: str = "", undo: str = "", opens: str = "") -> str:
    toast: dict[str, Any] = {"text": text, "level": level}
    if undo:
        toast["undo"] = {"label": _("Undo"), "url": undo}
    told: dict[str, Any] = {"toast": toast, "activities-changed": {}}
    if opens:
        told["composer-open"] = {"url": opens}
    return json.dumps(told)
