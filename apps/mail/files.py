"""What is attached to messages: kept once by content, in the store of the cards' files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from io import BytesIO
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction

from apps.counterparties.files import keep_bytes, plain_name, stored_as
from apps.counterparties.models import Attachment
from apps.mail.models import MailFile, MailMessage
from apps.mail.parsing import ReadFile

LARGEST_OF_ALL = 18 * 1024 * 1024  # written as text a file grows by a third; servers take 25 MB


def keep(*, found: Mapping[UUID, Sequence[ReadFile]]) -> int:
    """Keep what is attached to messages, by message; return how many files that are.

    Bytes that are there already are not written again.
    """
    rows = []
    for message_id, files in found.items():
        for place, file in enumerate(files):
            digest, content_type = keep_bytes(BytesIO(file.data))
            rows.append(
                MailFile(
                    message_id=message_id, place=place, name=plain_name(file.name), digest=digest,
                    size=len(file.data), content_type=content_type,
                )
            )  # fmt: skip
    MailFile.objects.bulk_create(rows)
    return len(rows)


def of_messages(keys: Iterable[UUID]) -> dict[UUID, list[MailFile]]:
    """Return the files of messages, by message, in their order."""
    found: dict[UUID, list[MailFile]] = {}
    for file in MailFile.objects.filter(message__in=list(keys)).order_by("message_id", "place"):
        found.setdefault(file.message_id, []).append(file)
    return found


def bytes_of(file: MailFile) -> bytes:
    """Return what a file holds.

    :raises FileNotFoundError: its bytes are gone.
    """
    with default_storage.open(stored_as(file.digest)) as source:
        return bytes(source.read())


def delete_messages(messages: Iterable[UUID]) -> int:
    """Delete messages with their files; bytes that nothing names any more go after the commit."""
    keys = list(messages)
    digests = set(MailFile.objects.filter(message__in=keys).values_list("digest", flat=True))
    MailMessage.objects.filter(pk__in=keys).delete()
    transaction.on_commit(partial(_forget, digests))
    return len(keys)


def _forget(digests: set[str]) -> None:
    for model in (MailFile, Attachment):
        digests = digests - set(
            model.objects.filter(digest__in=digests).values_list("digest", flat=True)
        )
    for digest in sorted(digests):
        default_storage.delete(stored_as(digest))
