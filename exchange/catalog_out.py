"""The catalogue for a 1C that asks for it: ``get_catalog``, one step for each ``query``.

A step is a whole message: first the classifier with its groups, then 100 products at a time, then
their offers with prices and stock. Where a login stands is kept with its upload as
``<stage>:<key of the last product>``; a login that begins anew (``init``) begins with the
classifier. A query repeated after a lost answer gives the following step: 1C, which has no way to
ask for the same one, starts again with ``init`` (``docs/protocol/exchange-sessions.md``).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from exchange.formats.commerceml.writer import catalogue_bytes, offers_bytes
from exchange.models import Upload
from exchange.outgoing import CatalogSource, catalog

STEP = 100  # products of one answer, as 1C-Bitrix gives them
REF = "kopru"


def begin(*, upload: Upload) -> None:
    """Let the login begin with the first step."""
    Upload.objects.filter(pk=upload.pk).update(pending_position="")


def next_step(*, upload: Upload, now: datetime) -> bytes | None:
    """Return the next message of the login; ``None`` when it has had all of them."""
    source = catalog()
    stage, _, key = upload.pending_position.partition(":")
    after = UUID(key) if key else None
    while source is not None and stage != "end":
        body, after = _STAGES[stage](source, upload.node_id, after, now)
        if body is not None:
            # The first message has no product; the classifier is followed by the products.
            place = f"products:{after or ''}" if stage == "" else f"{stage}:{after or ''}"
            Upload.objects.filter(pk=upload.pk).update(pending_position=place)
            return body
        stage, after = _FOLLOWS[stage], None
    Upload.objects.filter(pk=upload.pk).update(pending_position="end:")
    return None


Step = tuple[bytes | None, UUID | None]


def _classifier(source: CatalogSource, node_id: UUID, after: UUID | None, now: datetime) -> Step:
    groups = source.directories(node_id=node_id).groups
    name = gettext("Catalogue")
    return catalogue_bytes(catalog_ref=REF, name=name, groups=groups, products=(), now=now), None


def _products(source: CatalogSource, node_id: UUID, after: UUID | None, now: datetime) -> Step:
    found = source.products(node_id=node_id, after=after, limit=STEP)
    if not found:
        return None, None
    body = catalogue_bytes(
        catalog_ref=REF, name=gettext("Catalogue"), groups=(), products=[row for _, row in found],
        now=now, with_classifier=False,
    )  # fmt: skip
    return body, found[-1][0]


def _offers(source: CatalogSource, node_id: UUID, after: UUID | None, now: datetime) -> Step:
    found = source.offers(node_id=node_id, after=after, limit=STEP)
    if not found:
        return None, None
    known = source.directories(node_id=node_id)
    body = offers_bytes(
        catalog_ref=REF, name=gettext("Catalogue"), price_types=known.price_types,
        warehouses=known.warehouses, offers=[offer for _, offers in found for offer in offers],
        now=now,
    )  # fmt: skip
    return body, found[-1][0]


_STAGES = {"": _classifier, "products": _products, "offers": _offers}
_FOLLOWS = {"products": "offers", "offers": "end"}
