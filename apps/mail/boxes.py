"""Connecting boxes: what is read, with which password, whether it works."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.mail import handing, reaching, secrets, services
from apps.mail.models import Mailbox
from apps.mail.tasks import read_box
from tenants.audit.services import record

_THERE = ("imap_host", "imap_port", "is_tls")  # where a password goes
_OUT = ("smtp_host", "smtp_port", "smtp_is_tls")  # the same for what is sent
_WHICH = ("imap_host", "imap_port", "login", "address")  # one box of all there are
_FIELDS = ("name", "address", "owner", *_THERE, *_OUT, "keeps_sent", "is_paused")


class PasswordWanted(Exception):
    """A box is read from another server: the password kept for the one before is not sent there."""


@transaction.atomic
def save_box(*, values: Mapping[str, Any], by: User, mailbox_id: UUID | None = None) -> Mailbox:
    """Connect a box or change one, and start reading it; an empty password stays as it was.

    Another box begins anew: numbers of messages mean something in one alone.

    :raises PasswordWanted: the server is another one and no password is given.
    """
    box = Mailbox.objects.select_for_update().get(pk=mailbox_id) if mailbox_id else Mailbox()
    before = [getattr(box, name) for name in _WHICH]
    is_elsewhere = any(getattr(box, name) != values[name] for name in _THERE) or (
        values["smtp_host"] != "" and any(getattr(box, name) != values[name] for name in _OUT)
    )
    if mailbox_id and is_elsewhere and not values["password"]:
        raise PasswordWanted(box)
    for name in _FIELDS:
        setattr(box, name, values[name])
    box.login = values["login"] or values["address"]
    box.shares_matched = values["shares_matched"] or values["owner"] is None
    if values["password"]:
        box.secret = secrets.locked(values["password"])
    box.problem = box.problem_detail = box.send_problem = box.send_problem_detail = ""
    box.save()
    if mailbox_id and before != [getattr(box, name) for name in _WHICH]:
        box.folders.update(uidvalidity=0, latest_uid=0)
    record(kind="mail.box_saved", login=by.email, name=box.name, mailbox=box.address)
    if not box.is_paused:
        transaction.on_commit(partial(read_box.delay, mailbox_id=str(box.pk)))
    return box


def check(*, mailbox_id: UUID) -> Mailbox:
    """Sign in to a box and to the server that sends for it, and open what is read.

    What went wrong stands on the box afterwards; one without a server that sends is only read.
    """
    box = Mailbox.objects.get(pk=mailbox_id)
    box.problem, box.problem_detail = _reading_problem(box)
    box.send_problem, box.send_problem_detail = _sending_problem(box)
    box.save(
        update_fields=[
            "problem", "problem_detail", "send_problem", "send_problem_detail", "updated_at"
        ]
    )  # fmt: skip
    return box


def _reading_problem(box: Mailbox) -> tuple[str, str]:
    try:
        with reaching.opened(box) as line:
            line.open_folder(services.INBOX)
    except reaching.NotReached as refused:
        return refused.code, refused.detail
    return "", ""


def _sending_problem(box: Mailbox) -> tuple[str, str]:
    if not box.smtp_host:
        return "", ""
    try:
        with handing.opened(box):
            return "", ""
    except reaching.NotReached as refused:
        return refused.code, refused.detail
