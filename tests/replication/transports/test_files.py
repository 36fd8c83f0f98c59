"""Files travel after the rows that name them: once, on from any byte, only those in scope."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from apps.catalog.models import Product, ProductFile, ProductGroup
from apps.catalog.services import stored_as
from replication import attachments
from replication.scopes import change_scope
from replication.transports import office as line
from replication.transports.office import ExchangeFailed
from tests.replication.conftest import Offices
from tests.replication.offices import Place, node_at
from tests.replication.transports.test_line import Wire, meet, pack_first, post, wire

__all__ = ["wire"]


@pytest.fixture(autouse=True)
def storage(settings: Any, tmp_path: Path) -> None:
    """A place for the files of each company."""
    settings.MEDIA_ROOT = str(tmp_path)


def picture(place: Place, data: bytes, *, group: str = "Kettles") -> str:
    """Give a product of the centre a file and return its digest."""
    digest = hashlib.sha256(data).hexdigest()
    with place.entered():
        found, _ = ProductGroup.objects.get_or_create(name=group)
        product = Product.objects.create(name=f"Kettle {digest[:6]}", group=found)
        ProductFile.objects.create(product=product, path="a.jpg", digest=digest, size=len(data))
        if not default_storage.exists(stored_as(digest)):
            default_storage.save(stored_as(digest), ContentFile(data))
    return digest


def held(place: Place, digest: str) -> bytes | None:
    with place.entered():
        if not default_storage.exists(stored_as(digest)):
            return None
        with default_storage.open(stored_as(digest)) as source:
            return bytes(source.read())


def test_a_file_comes_after_its_row_and_once(offices: Offices, wire: Wire) -> None:
    data = os.urandom(5000)
    digest = picture(offices.centre, data)
    picture(offices.centre, data)
    pack_first(offices, offices.kazan)

    first = meet(offices.kazan, wire)
    second = meet(offices.kazan, wire)

    assert held(offices.kazan, digest) == data
    assert (first.files, first.files_left, second.files) == (1, 0, 0)


def test_a_file_that_was_cut_goes_on_at_its_byte(
    offices: Offices, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = os.urandom(9000)
    digest = picture(offices.centre, data)
    pack_first(offices, offices.kazan)
    taken: list[int] = []
    whole = attachments.Arriving.add

    def cut(self: attachments.Arriving, pieces: Any) -> None:
        """Take a third of what comes, then the line is gone."""
        everything = b"".join(pieces)
        taken.append(len(everything))
        if len(taken) < 3:
            whole(self, iter([everything[:3000]]))
            raise ExchangeFailed("cut")
        whole(self, iter([everything]))

    monkeypatch.setattr(attachments.Arriving, "add", cut)
    for _ in range(2):
        with pytest.raises(ExchangeFailed):
            meet(offices.kazan, wire)
    assert held(offices.kazan, digest) is None

    meet(offices.kazan, wire)

    assert taken == [9000, 6000, 3000]
    assert held(offices.kazan, digest) == data
    with offices.kazan.entered():
        assert default_storage.listdir("sync") == ([], [])


def test_bytes_that_are_not_those_of_the_digest_are_thrown_away(
    offices: Offices, wire: Wire
) -> None:
    digest = picture(offices.centre, b"the right bytes")
    pack_first(offices, offices.kazan)
    with offices.centre.entered():
        Path(default_storage.path(stored_as(digest))).write_bytes(b"other bytes here")

    outcome = meet(offices.kazan, wire)

    assert held(offices.kazan, digest) is None
    assert (outcome.files, outcome.files_left) == (0, 1)
    with offices.centre.entered():
        Path(default_storage.path(stored_as(digest))).write_bytes(b"the right bytes")
    assert meet(offices.kazan, wire).files == 1


def test_a_file_the_centre_has_lost_does_not_hinder_the_others(
    offices: Offices, wire: Wire
) -> None:
    lost, kept = picture(offices.centre, b"lost"), picture(offices.centre, b"kept")
    with offices.centre.entered():
        default_storage.delete(stored_as(lost))
    pack_first(offices, offices.kazan)

    outcome = meet(offices.kazan, wire)

    assert held(offices.kazan, kept) == b"kept"
    assert (outcome.files, outcome.files_left) == (1, 1)


def test_an_office_gets_no_file_out_of_its_scope(offices: Offices, wire: Wire) -> None:
    inside = picture(offices.centre, b"inside")
    outside = picture(offices.centre, b"outside", group="Secret machines")
    with offices.centre.entered():
        group = ProductGroup.objects.get(name="Kettles")
        node = node_at(offices.centre, offices.kazan)
        change_scope(node=node, scope={"products": {"choice": "groups", "values": [str(group.pk)]}})
    pack_first(offices, offices.kazan)
    meet(offices.kazan, wire)

    assert held(offices.kazan, inside) == b"inside"
    assert held(offices.kazan, outside) is None
    with offices.kazan.entered():
        node = node_at(offices.kazan, offices.kazan)
        with line.Line(node.address, transport=wire) as open_line:
            open_line.sign_in(node)
            for digest in (outside, "0" * 64, "..%2f..%2fetc"):
                with pytest.raises(ExchangeFailed) as refused:
                    open_line.file(attachments.Arriving(digest.replace("%2f", "-"), "sync/x"))
                assert refused.value.code == "no_file"


def test_a_stranger_gets_no_file(offices: Offices, wire: Wire) -> None:
    digest = picture(offices.centre, b"ours")
    client = wire.client

    assert client.get(f"/sync/v1/file/{digest}").status_code == 401
    assert client.get(
        f"/sync/v1/file/{digest}", headers={"authorization": "Bearer made-up"}
    ).status_code == 401  # fmt: skip
    assert post(offices.centre.company, f"file/{digest}", {}).status_code == 405


def test_files_wait_when_their_time_is_over_but_rows_do_not(offices: Offices, wire: Wire) -> None:
    for number in range(3):
        picture(offices.centre, bytes([number]))
    pack_first(offices, offices.kazan)

    with offices.kazan.entered():
        node = node_at(offices.kazan, offices.kazan)
        outcome = line.exchange_once(node=node, transport=wire, files_seconds=-1)
        assert ProductFile.objects.count() == 3

    assert (outcome.files, outcome.files_left) == (0, 3)
