"""Offices and their links: added at the centre, joined by a code, withdrawn again.

The code is shown once, works once and ends after a week; what is stored of it is a digest. Each end
makes an Ed25519 key pair for the link and tells the other the public half while joining.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import uuid_utils.compat
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from replication import plan
from replication.journal import current_position, is_kept
from replication.models import (
    BranchNode,
    Departed,
    Direction,
    Membership,
    MessageLog,
    NodeState,
    OutgoingMessage,
    ParkedChange,
    Resend,
    Side,
)
from tenants.current import current_company

CODE_AGE = timedelta(days=7)
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_PREFIX_LONGEST = 2
_BLOCKS, _LATEST_BLOCK = 5, 95  # of document numbers for each office, from the top down


class OfficeRefused(Exception):
    """An office cannot be added or changed like this; ``code`` names why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class JoinRefused(Exception):
    """The code is unknown, used or too old; nothing was changed."""


class NoLinkKey(Exception):
    """The office joined with a program of old and has not been given the key of the link yet."""


@dataclass(frozen=True)
class Joined:
    """What the centre tells an office that has joined."""

    node: UUID
    company: UUID
    public_key: bytes
    name: str
    prefix: str
    incarnation: UUID
    number_block: int = 0
    file_key: bytes = b""


@transaction.atomic
def add_office(
    *, name: str, prefix: str, scope: Mapping[str, Any], schedule: Mapping[str, Any],
    seats: int, now: datetime,
) -> tuple[BranchNode, str]:  # fmt: skip
    """Add an office at the centre and return it with the code its administrator types.

    :raises OfficeRefused: ``prefix`` (not one or two letters or digits), ``prefix_taken``,
        ``scope`` (names a rule or choice there is not).
    """
    prefix = prefix.strip().upper()
    if not (0 < len(prefix) <= _PREFIX_LONGEST and prefix.isalnum()):
        raise OfficeRefused("prefix")
    require_scope(scope)
    private = _new_key()
    node = BranchNode(
        side=Side.CENTRE, name=name.strip(), prefix=prefix, scope=dict(scope),
        schedule=dict(schedule), seats=seats, private_key=_sealed(private),
        number_block=_next_block(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            node.save(force_insert=True)
    except IntegrityError:
        raise OfficeRefused("prefix_taken") from None
    return node, new_code(node=node, now=now)


def new_code(*, node: BranchNode, now: datetime) -> str:
    """Return a new one-time code; the former one ends, and so does the office's present link.

    An office that joins again begins with a new copy.
    """
    code = "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))
    node.join_code_digest = _digest(code)
    node.join_code_until = now + CODE_AGE
    node.save(update_fields=["join_code_digest", "join_code_until"])
    return code


@transaction.atomic
def accept(*, code: str, public_key: bytes, told: Mapping[str, Any], now: datetime) -> Joined:
    """Let an office in that knows a code, at the centre: the code is used up by it.

    :raises JoinRefused: there is no such code, or it has been used, or is too old.
    """
    node = (
        BranchNode.objects.select_for_update()
        .filter(side=Side.CENTRE, join_code_digest=_digest(code.strip().lower()))
        .first()
    )
    if node is None or not node.join_code_until or node.join_code_until < now:
        raise JoinRefused
    if len(public_key) != 32:
        raise JoinRefused
    start_again(node)
    node.state, node.public_key, node.told = NodeState.COPYING, public_key, dict(told)
    node.join_code_digest, node.join_code_until = "", None
    node.met_at, node.fault = now, ""
    node.file_key = _sealed(secrets.token_bytes(32))
    node.save()
    return Joined(
        node=node.pk, company=current_company().pk, public_key=public_half(node),
        name=node.name, prefix=node.prefix, incarnation=node.incarnation,
        number_block=node.number_block, file_key=file_key(node) or b"",
    )  # fmt: skip


def start_again(node: BranchNode) -> None:
    """Forget every number and what the other end holds: the next message is a first copy."""
    node.incarnation = uuid_utils.compat.uuid7()
    node.sent_number = node.acknowledged_number = node.received_number = 0
    node.position = node.acknowledged_position = ""
    node.scope_sent, node.whole_sent, node.is_within_batch = None, {}, False
    for model in (OutgoingMessage, Departed, Membership, Resend, ParkedChange):
        model.objects.filter(node=node).delete()


@transaction.atomic
def begin_anew(*, node: BranchNode, fault: str, now: datetime) -> BranchNode:
    """Begin a link anew at the centre, the keys staying: one of the two bases was restored.

    What the office did since the number received before is sent again, then it gets a new copy.
    """
    node = BranchNode.objects.select_for_update().get(pk=node.pk)
    told = {
        **node.told, "received_before": node.received_number, f"{fault}_at": now.isoformat(),
    }  # fmt: skip
    start_again(node)
    node.state, node.fault, node.told = NodeState.NEEDS_IMAGE, fault, told
    node.save()
    return node


@transaction.atomic
def adopt(*, node: BranchNode, incarnation: UUID, received_before: int) -> None:
    """Follow the centre, at an office, in beginning anew: go back to what it had received."""
    held = BranchNode.objects.select_for_update().get(pk=node.pk)
    known = (
        MessageLog.objects.filter(
            node=held,
            direction=Direction.OUT,
            incarnation=held.incarnation,
            number__lte=received_before,
        )
        .exclude(position="")
        .order_by("-number")
        .values_list("position", flat=True)
        .first()
    )
    position = known or held.acknowledged_position
    start_again(held)
    held.incarnation, held.state = incarnation, NodeState.NEEDS_IMAGE
    if not is_kept(position):  # the journal has forgotten what the centre has lost: send the rows
        position = current_position()
        _tell_everything(held)
    held.position = held.acknowledged_position = position
    held.save()
    _note_beginning(held)
    node.refresh_from_db()


def _note_beginning(node: BranchNode) -> None:
    """Keep, at an office, where the link of this incarnation began: number 0."""
    MessageLog.objects.get_or_create(
        node=node, direction=Direction.OUT, incarnation=node.incarnation, number=0,
        defaults={"position": node.position},
    )  # fmt: skip


def _tell_everything(node: BranchNode) -> None:
    """Have an office send each row it holds; those the centre has as well change nothing there."""
    with connection.cursor() as cursor:
        for entry in plan.all_travelling():
            if entry.way == "both":
                cursor.execute(
                    'INSERT INTO replication_resend (node_id, "table", key)'  # noqa: S608
                    f' SELECT %s, %s, "{entry.columns[0]}" FROM "{entry.table}"'
                    " ON CONFLICT DO NOTHING",
                    [node.pk, entry.table],
                )


def new_key_pair() -> tuple[bytes, bytes]:
    """Return a private key and its public half, 32 bytes each."""
    private = _new_key()
    key = Ed25519PrivateKey.from_private_bytes(private)
    return private, key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


@transaction.atomic
def begin_branch(*, joined: Joined, address: str, private_key: bytes) -> BranchNode:
    """Make this database the office that has joined; there is one such row at an office."""
    BranchNode.objects.filter(side=Side.BRANCH).delete()
    position = current_position()
    node = BranchNode.objects.create(
        id=joined.node, side=Side.BRANCH, name=joined.name, prefix=joined.prefix,
        state=NodeState.COPYING, public_key=joined.public_key, private_key=_sealed(private_key),
        address=address, company_id=joined.company, position=position,
        number_block=joined.number_block,
        acknowledged_position=position, incarnation=joined.incarnation,
        file_key=_sealed(joined.file_key) if joined.file_key else b"",
    )  # fmt: skip
    _note_beginning(node)
    return node


def this_office() -> BranchNode | None:
    """Return the office that this database is; ``None`` at the centre."""
    return BranchNode.objects.filter(side=Side.BRANCH).first()


def offices_by_name() -> dict[UUID, str]:
    """Return the offices by key in the order of their names; at an office only itself is known."""
    found = BranchNode.objects.exclude(state=NodeState.REVOKED).order_by("name", "pk")
    return dict(found.values_list("pk", "name"))


# Key, name and whether it is this very base, of each office, as one JSON array.
OFFICES = """(SELECT coalesce(json_agg(json_build_array(b.id, b.name, b.side = 'branch')
    ORDER BY b.name, b.id), '[]') FROM replication_branchnode b WHERE b.state <> 'revoked')"""


def known_offices() -> list[tuple[UUID, str, bool]]:
    """Return key, name and whether it is this very base, of each office, with one query."""
    found = BranchNode.objects.exclude(state=NodeState.REVOKED).order_by("name", "pk")
    return [(key, name, side == Side.BRANCH) for key, name, side in
            found.values_list("pk", "name", "side")]  # fmt: skip


def _next_block() -> int:
    """Return a block of document numbers that no other office has; the centre counts from 0.

    Where a 1C keeps only the digits of a number they tell offices apart. After nineteen offices
    the blocks are used up and only the prefixes differ.
    """
    taken = set(BranchNode.objects.values_list("number_block", flat=True))
    free = (each for each in range(_LATEST_BLOCK, _BLOCKS, -_BLOCKS) if each not in taken)
    return next(free, _LATEST_BLOCK)


@transaction.atomic
def revoke(*, node: BranchNode) -> None:
    """Withdraw an office's access: its messages are refused from now on."""
    node = BranchNode.objects.select_for_update().get(pk=node.pk)
    start_again(node)
    node.state, node.public_key, node.join_code_digest = NodeState.REVOKED, b"", ""
    node.save()


def require_scope(scope: Mapping[str, Any]) -> None:
    """Pass when every rule and choice of a scope exists.

    :raises OfficeRefused: ``scope``.
    """
    known = {rule.name: rule for rule in plan.rules()}
    for name, asked in scope.items():
        rule = known.get(name)
        choice = asked.get("choice") if isinstance(asked, Mapping) else None
        if rule is None or not isinstance(choice, str):
            raise OfficeRefused("scope")
        values = asked.get("values", [])
        if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
            raise OfficeRefused("scope")
        simple = choice == plan.EVERYTHING or (choice == plan.NOTHING and rule.may_be_none)
        if not simple and rule.choice(choice) is None:
            raise OfficeRefused("scope")


def company_of(node: BranchNode) -> UUID:
    """Return the id of the company at the centre, which every message names."""
    return node.company_id or current_company().pk


def private_half(node: BranchNode) -> bytes:
    """Return our private key of the link."""
    return _cipher().decrypt(bytes(node.private_key))


def file_key(node: BranchNode) -> bytes | None:
    """Return the key that seals files of this link, 32 bytes; ``None`` before it was given."""
    return _cipher().decrypt(bytes(node.file_key)) if node.file_key else None


def make_file_key(node: BranchNode) -> bytes:
    """Return the key that seals files, at the centre, made now for an office of old."""
    found = file_key(node)
    if found is None:
        found = secrets.token_bytes(32)
        BranchNode.objects.filter(pk=node.pk).update(file_key=_sealed(found))
    return found


def take_file_key(node: BranchNode, key: bytes) -> None:
    """Keep the key that the centre gave, at an office."""
    node.file_key = _sealed(key)
    BranchNode.objects.filter(pk=node.pk).update(file_key=node.file_key)


def seal(node: BranchNode, text: str) -> str:
    """Return a secret as it travels over a link, readable by its other end alone.

    :raises NoLinkKey: the two ends have no key in common yet.
    """
    return _link_cipher(node).encrypt(text.encode()).decode()


def unseal(node: BranchNode, sealed: str) -> str:
    """Return a secret that the other end sealed.

    :raises NoLinkKey: the two ends have no key in common yet.
    """
    return _link_cipher(node).decrypt(sealed.encode()).decode()


def public_half(node: BranchNode) -> bytes:
    """Return our public key of the link."""
    key = Ed25519PrivateKey.from_private_bytes(private_half(node))
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _new_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        Encoding.Raw, PrivateFormat.Raw, NoEncryption()
    )


def _sealed(private: bytes) -> bytes:
    return _cipher().encrypt(private)


def _cipher() -> Fernet:
    secret = f"kopru.node:{current_company().pk}:{settings.SECRET_KEY}"
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest()))


def _link_cipher(node: BranchNode) -> Fernet:
    key = file_key(node)
    if key is None:
        raise NoLinkKey
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"kopru.secret:" + key).digest()))


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
