"""The settings page of mailboxes."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.rights import needs, signed_in
from apps.mail import boxes
from apps.mail.box_form import MailboxForm
from apps.mail.models import Mailbox
from apps.mail.words import problem_text, sending_text


@require_safe
@needs("settings.change")
def box_list(request: HttpRequest) -> HttpResponse:
    """Show the boxes and how their reading goes."""
    rows = Mailbox.objects.select_related("owner").order_by("name", "pk")
    return render(request, "mail/boxes.html", {"boxes": [(box, *_problems(box)) for box in rows]})


@require_http_methods(["GET", "POST"])
@needs("settings.change")
def box_new(request: HttpRequest) -> HttpResponse:
    """Connect a box."""
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@needs("settings.change")
def box_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a box."""
    return _edit(request, get_object_or_404(Mailbox, pk=pk))


@require_POST
@needs("settings.change")
def box_check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Look whether a box can be read and sent from, and say what is wrong."""
    get_object_or_404(Mailbox, pk=pk)
    box = boxes.check(mailbox_id=pk)
    wrong = [each for each in _problems(box) if each]
    for sentence in wrong:
        messages.error(request, sentence)
    if not wrong:
        text = (
            _("“%(name)s” can be read, and sent from.") if box.smtp_host
            else _("“%(name)s” can be read.")
        )  # fmt: skip
        messages.success(request, text % {"name": box.name})
    return redirect("mail:boxes")


def _problems(box: Mailbox | None) -> tuple[str, str]:
    """Return why a box is not read, and why nothing is sent from it; ``""`` where nothing is."""
    if box is None:
        return "", ""
    return (
        problem_text(box.problem, box.problem_detail),
        sending_text(box.send_problem, box.send_problem_detail),
    )


def _edit(request: HttpRequest, row: Mailbox | None) -> HttpResponse:
    form = MailboxForm(request.POST or None, row=row)
    if form.is_valid():
        key = row.pk if row is not None else None
        try:
            saved = boxes.save_box(
                values=form.cleaned_data, by=signed_in(request), mailbox_id=key
            )
        except boxes.PasswordWanted:
            said = _("Enter the password anew: the one kept is not sent to another server.")
            form.add_error("password", said)
        else:
            messages.success(request, _("“%(name)s” is saved.") % {"name": saved.name})
            return redirect("mail:boxes")
    problem, send_problem = _problems(row)
    context = {"form": form, "row": row, "problem": problem, "send_problem": send_problem}
    return render(request, "mail/box.html", context, status=422 if form.is_bound else 200)
