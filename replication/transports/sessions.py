"""Who an office is: it signs a challenge with its key and gets a token for a quarter of an hour.

No clock but the centre's is asked. A challenge serves once, a token serves one office of one
company, and ends at once when the office's access is withdrawn.
"""

from __future__ import annotations

import secrets
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.core import signing
from django.core.cache import cache

from replication.models import BranchNode, NodeState, Side
from tenants.current import current_company

PURPOSE = b"kopru-session/1:"
CHALLENGE_SECONDS, TOKEN_SECONDS = 120, 900
_CHALLENGE, _TOKEN = "kopru.sync.challenge", "kopru.sync.token"


class Refused(Exception):
    """The caller is not let in; ``code`` names why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def challenge(*, node_id: UUID) -> str:
    """Return what an office has to sign; the same for an office there is not."""
    return signing.dumps([str(node_id), _company(), secrets.token_hex(8)], salt=_CHALLENGE)


def open_session(*, node_id: UUID, given: str, signature: bytes) -> str:
    """Return a token for an office that signed its challenge.

    :raises Refused: ``session``: the challenge is old, used or another's, the signature wrong,
        the office unknown; ``revoked``: its access was withdrawn.
    """
    try:
        named, company, nonce = signing.loads(given, salt=_CHALLENGE, max_age=CHALLENGE_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        raise Refused("session") from None
    if (named, company) != (str(node_id), _company()):
        raise Refused("session")
    if not cache.add(f"sync.challenge.{nonce}", 1, CHALLENGE_SECONDS):
        raise Refused("session")
    node = _node(node_id)
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes(node.public_key))
        key.verify(signature, PURPOSE + given.encode())
    except (InvalidSignature, ValueError):
        raise Refused("session") from None
    return signing.dumps([str(node_id), _company()], salt=_TOKEN)


def node_of(token: str) -> BranchNode:
    """Return the office that a token was given to.

    :raises Refused: ``session``: it is none, too old, or of another company; ``revoked``.
    """
    try:
        named, company = signing.loads(token, salt=_TOKEN, max_age=TOKEN_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        raise Refused("session") from None
    if company != _company():
        raise Refused("session")
    return _node(UUID(named))


def answer(given: str, *, private_key: bytes) -> bytes:
    """Return the signature of a challenge, at the office."""
    key = Ed25519PrivateKey.from_private_bytes(private_key)
    return key.sign(PURPOSE + given.encode())


def _node(node_id: UUID) -> BranchNode:
    node = BranchNode.objects.filter(pk=node_id, side=Side.CENTRE).first()
    if node is None or node.state == NodeState.WAITING:
        raise Refused("session")
    if node.state == NodeState.REVOKED:
        raise Refused("revoked")
    return node


def _company() -> str:
    return str(current_company().pk)
