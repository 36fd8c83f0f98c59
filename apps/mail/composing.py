"""A message of ours as bytes: what its server gets, and what the folder of sent ones gets."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

from apps.mail import files
from apps.mail.models import MailSending


def message_bytes(sending: MailSending) -> bytes:
    """Return the message, the same each time; recipients of To and Cc are named in it.

    :raises FileNotFoundError: the bytes of something attached are gone.
    """
    row, box = sending.message, sending.mailbox
    message = EmailMessage(policy=SMTP)
    message["From"] = formataddr((row.from_name, box.address))
    message["To"] = ", ".join(sending.to)
    if sending.cc:
        message["Cc"] = ", ".join(sending.cc)
    message["Subject"] = row.subject
    message["Date"] = format_datetime(row.sent_at)
    message["Message-ID"] = row.message_id
    if sending.in_reply_to:
        message["In-Reply-To"] = sending.in_reply_to
        message["References"] = " ".join(row.references)
    message.set_content(row.text + "\n")
    for file in files.of_messages([row.pk]).get(row.pk, ()):
        main, _slash, sub = file.content_type.partition("/")
        message.add_attachment(
            files.bytes_of(file), maintype=main, subtype=sub, filename=file.name
        )
    _mark_parts(message, row.message_id)
    return message.as_bytes()


def _mark_parts(message: EmailMessage, name: str) -> None:
    """Give the parts a boundary of their own: a random one would make each copy another."""
    if message.is_multipart():
        message.set_boundary(f"=_{name.strip('<>').partition('@')[0]}")
