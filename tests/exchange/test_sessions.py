"""Every shape in which 1C's configurations run an exchange, through the door."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from exchange import runs, services
from exchange.models import ExchangeSession, Node, SessionState
from tests.exchange import messages
from tests.exchange.onec import OneC
from tests.exchange.shelf import Shelf


def test_trade_management_logs_in_anew_for_every_portion_and_it_is_one_run(
    onec: OneC, warehouse: Shelf
) -> None:
    answers = [
        onec.portion("import0_1.xml", messages.catalogue(["a", "b"])),
        onec.portion(
            "import0_2.xml", messages.catalogue(["c"], changes_only=True, classifier=False)
        ),
        onec.portion("offers0_1.xml", messages.offers({"a": "10.00", "b": "20.00", "c": "30.00"})),
    ]

    assert answers == ["success"] * 3
    assert warehouse.refs("products") == ["a", "b", "c"]
    session = ExchangeSession.objects.get()
    assert session.counts["products"] == {"read": 3, "created": 3}
    assert session.counts["prices"] == {"read": 3, "created": 3}
    assert session.state == SessionState.DONE


def test_the_same_exchange_twice_changes_nothing(onec: OneC, warehouse: Shelf) -> None:
    onec.portion("import0_1.xml", messages.catalogue(["a", "b"]))
    services.look_after(now=timezone.now() + timedelta(hours=1))
    runs.run_company()

    onec.portion("import0_1.xml", messages.catalogue(["a", "b"]))

    assert ExchangeSession.objects.count() == 2
    latest = ExchangeSession.objects.order_by("-id")[0]
    assert latest.counts["products"] == {"read": 2, "unchanged": 2}


def test_init_answers_exactly_two_lines_to_who_gave_no_version(onec: OneC) -> None:
    onec.sign_in()

    answer = onec.text("catalog", "init")

    assert answer == "zip=yes\nfile_limit=10485760"


def test_small_business_outside_bitrix_sends_orders_and_never_asks_for_import(
    onec: OneC, warehouse: Shelf
) -> None:
    onec.sign_in("sale")
    onec.text("sale", "init")
    onec.send("sale", "orders-1_.xml", messages.order("INV-1"))

    services.look_after(now=timezone.now() + timedelta(seconds=5))
    runs.run_company()

    assert warehouse.refs("orders") == ["doc-INV-1"]


def test_small_business_with_bitrix_protocol_gives_versions_and_a_sessid(
    onec: OneC, warehouse: Shelf
) -> None:
    token = onec.sign_in("sale")[3].removeprefix("sessid=")

    init = onec.text("sale", "init", sessid=token, version="2.09", cmlVersion="2.10")
    onec.send("sale", "orders-1_.xml", messages.order("INV-1"))

    assert init.split("\n") == [
        "zip=yes",
        "file_limit=10485760",
        f"sessid={token}",
        "version=2.09",
    ]
    assert onec.take("sale", "orders-1_.xml") == "success"


def test_the_bitrix_module_does_everything_in_one_login_and_ends_it(
    onec: OneC, warehouse: Shelf
) -> None:
    lines = onec.sign_in()
    stamp = lines[4].removeprefix("timestamp=")
    onec.text("catalog", "init", version="3.1")
    for name, body in (
        ("goods/goods_1_1_x.xml", messages.catalogue(["a"], changes_only=True)),
        ("rests/rests_1_1_x.xml", messages.offers({"a": "1.00"}, changes_only=True)),
    ):
        onec.send("catalog", name, body)
        assert onec.take("catalog", name) == "success"

    assert onec.text("catalog", "deactivate", timestamp=stamp) == "success"
    assert onec.text("catalog", "complete") == "success"

    assert ExchangeSession.objects.get().closed_at is not None
    assert ("products", "catalog") in warehouse.finished
    assert ("stock", "offers") in warehouse.finished


def test_moysklad_sends_two_files_without_a_byte_order_mark(onec: OneC, warehouse: Shelf) -> None:
    onec.sign_in()
    onec.text("catalog", "init")
    onec.send("catalog", "import.xml", messages.catalogue(["a"]))
    onec.send("catalog", "offers.xml", messages.offers({"a": "5.50"}))

    assert onec.take("catalog", "import.xml") == "success"
    assert onec.take("catalog", "offers.xml") == "success"


def test_a_file_in_parts_is_joined(onec: OneC, warehouse: Shelf) -> None:
    onec.sign_in()
    onec.text("catalog", "init")
    onec.send("catalog", "import0_1.xml", messages.catalogue(["a", "b"]), part=100)

    assert onec.take("catalog", "import0_1.xml") == "success"
    assert warehouse.refs("products") == ["a", "b"]


def test_an_archive_in_parts_is_unpacked_and_asked_for_by_the_names_inside(
    onec: OneC, warehouse: Shelf
) -> None:
    body = messages.zipped(
        {
            "import0_1.xml": messages.catalogue(["a"]),
            "import_files/ab/ab_1.jpg": b"\xff\xd8picture",
            "offers0_1.xml": messages.offers({"a": "5.50"}),
        }
    )
    onec.sign_in()
    onec.text("catalog", "init")
    onec.send("catalog", "v8_1A_2.zip", body, part=300)

    assert onec.take("catalog", "import0_1.xml") == "success"
    assert onec.take("catalog", "offers0_1.xml") == "success"
    assert warehouse.refs("pictures") == ["import_files/ab/ab_1.jpg"]


def test_a_person_starts_the_exchange_while_the_schedule_runs(onec: OneC, warehouse: Shelf) -> None:
    scheduled, by_hand = onec.again(), onec.again()
    for login, ref in ((scheduled, "a"), (by_hand, "b")):
        login.sign_in()
        login.text("catalog", "init")
        login.send("catalog", "import0_1.xml", messages.catalogue([ref]))

    assert scheduled.take("catalog", "import0_1.xml") == "success"
    assert by_hand.take("catalog", "import0_1.xml") == "success"
    assert warehouse.refs("products") == ["a", "b"]


def test_switching_stock_off_leaves_prices_on(onec: OneC, node: Node, warehouse: Shelf) -> None:
    """F021: stock that is not exchanged stays as it is, prices still change."""
    node.settings = {"exchanged": {"stock": False}}
    node.save()
    onec.portion("import0_1.xml", messages.catalogue(["a"]))

    onec.portion("offers0_1.xml", messages.offers({"a": "5.50"}))

    assert (warehouse.refs("stock"), len(warehouse.refs("prices"))) == ([], 1)
    assert ExchangeSession.objects.get().counts["stock"] == {"skipped": 1}


def test_the_first_contact_is_noted(onec: OneC, node: Node) -> None:
    onec.sign_in()

    node.refresh_from_db()
    seen: Any = (node.first_contact_at is not None, node.user_agent)
    assert seen == (True, "1C+Enterprise/8.3")


@pytest.mark.parametrize(
    ("said", "is_whole"),
    [("", True), ("false", True), ("true", False)],
    ids=["says nothing", "says it is whole", "says it holds changes"],
)
def test_a_directory_is_whole_unless_it_says_otherwise(
    onec: OneC, warehouse: Shelf, said: str, is_whole: bool
) -> None:
    body = messages.directory(["b1"], said=said)

    assert onec.portion("references.xml", body, subject="reference") == "success"
    services.look_after(now=timezone.now() + timedelta(hours=1))
    runs.run_company()

    assert warehouse.refs("directories") == ["brands|b1"]
    assert (("directories", "directory") in warehouse.finished) is is_whole
