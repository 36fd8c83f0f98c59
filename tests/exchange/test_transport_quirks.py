"""What really happens between 1C and a server, one test for each thing that was seen to break.

The numbers are those of the list of quirks in the CommerceML reference, chapter 12.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from django_tenants.utils import tenant_context

from exchange import files, names, outgoing, runs, services
from exchange.models import (
    ExchangeSession,
    FileState,
    Node,
    ParkedRow,
    SessionProblem,
    SessionState,
    UploadedFile,
)
from exchange.rows import DocumentRow
from exchange.transports import commerceml_http
from tests.exchange import messages
from tests.exchange.onec import OneC
from tests.exchange.shelf import Shelf


def quiet(seconds: int = 3600) -> None:
    """Let time pass without a call of 1C."""
    services.look_after(now=timezone.now() + timedelta(seconds=seconds))
    runs.run_company()


def document(number: str, **changes: Any) -> DocumentRow:
    """An order of ours as a source gives it."""
    values: dict[str, Any] = dict.fromkeys(DocumentRow._fields, "")
    values |= {
        "ref": f"ref-{number}",
        "number": number,
        "issued_on": datetime(2026, 11, 20, tzinfo=UTC).date(),
        "operation": "Заказ товара",
        "role": "Продавец",
        "currency": "RUB",
        "rate": Decimal(1),
        "total": Decimal("100.00"),
        "date_1c": None,
        "due_on": None,
        "is_deleted": False,
        "line": 0,
    }
    values |= dict.fromkeys(("counterparties", "lines", "taxes", "discounts", "requisites"), ())
    return DocumentRow(**(values | changes))


@pytest.fixture
def waiting_orders(monkeypatch: pytest.MonkeyPatch) -> list[DocumentRow]:
    """Orders that 1C has not confirmed; the list may grow."""
    orders: list[DocumentRow] = []

    class Orders(outgoing.OutgoingSource):
        def documents(self, *, after: str, **_: Any) -> list[DocumentRow]:
            return [] if after else list(orders)

        def has_news(self, *, after: str, **_: Any) -> bool:
            return not after and bool(orders)

    monkeypatch.setattr(outgoing, "_sources", [Orders()])
    return orders


def test_quirk_1_files_that_nobody_asks_to_import_are_imported_after_a_silence(
    onec: OneC, warehouse: Shelf
) -> None:
    onec.sign_in()
    onec.text("catalog", "init")
    onec.send("catalog", "import0_1.xml", messages.catalogue(["a"]))

    quiet(seconds=5)
    too_early = warehouse.refs("products")
    quiet(seconds=31)

    assert (too_early, warehouse.refs("products")) == ([], ["a"])


@pytest.mark.parametrize("mode", ["checkauth", "init", "file", "import", "deactivate", "nonsense"])
@pytest.mark.parametrize("subject", ["catalog", "sale", "reference", "nonsense"])
def test_quirk_2_the_first_line_is_always_a_word_of_the_protocol(
    onec: OneC, subject: str, mode: str
) -> None:
    onec.sign_in()

    first = onec.text(subject, mode, filename="never-sent.xml").split("\n")[0]

    assert first in {"success", "failure", "progress", "zip=yes"}


def test_quirk_3_a_part_is_answered_by_one_word(onec: OneC) -> None:
    onec.sign_in()
    onec.text("catalog", "init")

    answer = onec.text("catalog", "file", filename="import0_1.xml", body=b"<a/>")

    assert answer == "success"


def test_quirk_4_an_import_in_the_queue_is_held_open_and_then_answered_by_progress(
    onec: OneC, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commerceml_http.tasks, "start_runs", lambda: None)
    onec.sign_in()
    onec.text("catalog", "init")
    onec.send("catalog", "import0_1.xml", messages.catalogue(["a"]))

    answer = onec.text("catalog", "import", filename="import0_1.xml")

    assert answer == "progress\nimport0_1.xml is waiting in the queue"
    assert commerceml_http.LONG_POLL < 20


def test_quirk_4_an_import_that_nobody_takes_ends_with_a_reason(
    onec: OneC, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commerceml_http.tasks, "start_runs", lambda: None)
    onec.sign_in()
    onec.text("catalog", "init")
    onec.send("catalog", "import0_1.xml", messages.catalogue(["a"]))
    onec.text("catalog", "import", filename="import0_1.xml")
    UploadedFile.objects.update(requested_at=timezone.now() - timedelta(hours=1))

    answer = onec.text("catalog", "import", filename="import0_1.xml")

    assert answer.startswith("failure\nThe exchange workers of the server are not running.")


def test_quirk_5_an_import_longer_than_any_time_out_is_answered_again_and_again(
    onec: OneC, warehouse: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on, company = threading.Event(), connection.tenant
    warehouse.before_store = lambda row: may_go_on.wait(300)

    def work() -> None:
        try:
            with tenant_context(company):
                runs.run_company()
        finally:
            connection.close()

    worker = threading.Thread(target=work)
    monkeypatch.setattr(commerceml_http.tasks, "start_runs", lambda: worker.ident or worker.start())
    onec.sign_in()
    onec.text("catalog", "init")
    onec.send("catalog", "import0_1.xml", messages.catalogue(["a"]))

    meanwhile = [onec.text("catalog", "import", filename="import0_1.xml") for _ in range(2)]
    may_go_on.set()
    worker.join()

    assert [answer.split("\n")[0] for answer in meanwhile] == ["progress", "progress"]
    assert onec.text("catalog", "import", filename="import0_1.xml") == "success"
    assert warehouse.refs("products") == ["a"]


def test_quirk_6_a_bad_goods_file_does_not_hold_up_offers_and_later_portions_wait(
    onec: OneC, warehouse: Shelf
) -> None:
    onec.portion("import0_1.xml", messages.catalogue(["a"]))
    quiet()

    broken = onec.portion("import0_1.xml", messages.catalogue(["a", "b"])[:300])
    later = onec.portion("import0_2.xml", messages.catalogue(["c"], classifier=False))
    offers = onec.portion("offers0_1.xml", messages.offers({"a": "7.00"}))

    assert broken.startswith("failure\nThe file is cut short or is not XML")
    assert later.startswith("failure\nSkipped, because the first portion")
    assert (offers, warehouse.refs("products")) == ("success", ["a"])


def test_quirk_7_a_file_seen_in_a_new_login_starts_from_zero(onec: OneC, warehouse: Shelf) -> None:
    whole = messages.catalogue(["a"])
    onec.sign_in()
    onec.text("catalog", "init")
    onec.text("catalog", "file", filename="import0_1.xml", body=whole[:200])

    assert onec.portion("import0_1.xml", whole) == "success"
    onec.text("catalog", "init")
    onec.send("catalog", "import0_1.xml", whole)

    assert onec.take("catalog", "import0_1.xml") == "success"


def test_quirk_7_init_of_one_login_leaves_the_files_of_another(
    onec: OneC, warehouse: Shelf
) -> None:
    other = onec.again()
    onec.sign_in()
    onec.text("catalog", "init")
    onec.send("catalog", "import0_1.xml", messages.catalogue(["a"]))

    other.sign_in()
    other.text("catalog", "init")

    assert onec.take("catalog", "import0_1.xml") == "success"


def test_quirk_8_the_first_part_of_an_archive_is_not_taken_for_the_archive(
    onec: OneC, warehouse: Shelf
) -> None:
    body = messages.zipped({"import0_1.xml": messages.catalogue(["a"])})
    onec.sign_in()
    onec.text("catalog", "init")

    onec.send("catalog", "v8_1A_2.zip", body, part=64)

    states = set(UploadedFile.objects.values_list("state", flat=True))
    assert states == {FileState.RECEIVING}
    assert onec.take("catalog", "import0_1.xml") == "success"


def test_quirk_9_an_import_that_names_the_archive_is_a_success_too(
    onec: OneC, warehouse: Shelf
) -> None:
    onec.sign_in()
    onec.text("catalog", "init")
    onec.send(
        "catalog", "v8_1A_2.zip", messages.zipped({"import0_1.xml": messages.catalogue(["a"])})
    )

    assert onec.take("catalog", "v8_1A_2.zip") == "success"
    assert onec.take("catalog", "import0_1.xml") == "success"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("import_files%5Cab%5Cx.jpg", "import_files/ab/x.jpg"),
        ("C:%5Cv8_8789_c.xml", "v8_8789_c.xml"),
        ("/tmp/import0_1.xml", "import0_1.xml"),
        ("upload/1c/webdata/import.xml", "import.xml"),
        ("%D0%B3%D0%B2%D0%BE%D0%B7%D0%B4%D1%8C.jpg", "гвоздь.jpg"),
        ("%E3%E2%EE%E7%E4%FC.jpg", "гвоздь.jpg"),
        ("with blank.jpg", "with blank.jpg"),
    ],
)
def test_quirk_10_names_come_with_backslashes_drives_prefixes_and_code_pages(
    onec: OneC, sent: str, kept: str
) -> None:
    onec.sign_in()
    onec.text("catalog", "init")

    answer = onec.raw(f"type=catalog&mode=file&filename={sent}", body=b"x")

    assert answer.content == b"success"
    assert UploadedFile.objects.get().name == kept


def test_quirk_10_members_of_an_archive_have_backslashes_and_code_page_866(
    onec: OneC, warehouse: Shelf
) -> None:
    cp866 = "import_files\\гвоздь.jpg".encode("cp866").decode("cp437")
    body = messages.zipped({"import0_1.xml": messages.catalogue(["a"]), cp866: b"\xff\xd8"})
    onec.sign_in()
    onec.text("catalog", "init")
    onec.send("catalog", "a.zip", body)

    assert onec.take("catalog", "import0_1.xml") == "success"
    assert UploadedFile.objects.filter(name__startswith="import_files/").exists()


def test_quirk_11_two_catalogues_of_one_run_are_not_portions_of_each_other(
    onec: OneC, warehouse: Shelf
) -> None:
    onec.portion("import0_1.xml", b"<broken")

    assert onec.portion("import1_1.xml", messages.catalogue(["a"])) == "success"
    assert names.portion("import1_2.xml") == ("import", 1, 2)


def test_quirk_13_full_belongs_to_the_run_and_is_asked_once_at_its_end(
    onec: OneC, warehouse: Shelf
) -> None:
    onec.portion("import0_1.xml", messages.catalogue(["a"]))
    onec.portion("import0_2.xml", messages.catalogue(["b"], changes_only=True, classifier=False))
    before = list(warehouse.finished)

    quiet()

    assert before == []
    assert warehouse.finished.count(("products", "catalog")) == 1


def test_quirk_13_a_full_run_with_a_failed_portion_leaves_nothing_out(
    onec: OneC, warehouse: Shelf
) -> None:
    onec.portion("import0_1.xml", messages.catalogue(["a"]))
    onec.portion("import0_2.xml", b"<broken")

    quiet()

    assert warehouse.finished == []


def test_quirk_14_a_file_that_always_says_changes_only_is_never_full(
    onec: OneC, warehouse: Shelf
) -> None:
    onec.portion("goods/goods_1_1_x.xml", messages.catalogue(["a"], changes_only=True))

    quiet()

    assert warehouse.finished == []


def test_quirk_15_offers_before_their_goods_wait_and_are_taken_after_them(
    onec: OneC, warehouse: Shelf
) -> None:
    onec.portion("offers0_1.xml", messages.offers({"a": "7.00"}))
    waiting = ParkedRow.objects.count()

    onec.portion("import0_1.xml", messages.catalogue(["a"]))

    assert (waiting, ParkedRow.objects.count()) == (3, 0)
    counts = ExchangeSession.objects.get().counts
    assert counts["prices"] == {"read": 1, "waiting": 1, "created": 1}


def test_quirk_15_offers_whose_goods_never_come_are_named_at_the_end(
    onec: OneC, warehouse: Shelf
) -> None:
    onec.portion("offers0_1.xml", messages.offers({"ghost": "7.00"}))

    quiet()

    problems = SessionProblem.objects.filter(code="unknown_product")
    assert {(p.value, p.kept) for p in problems} == {("ghost", "waits")}
    assert ExchangeSession.objects.get().state == SessionState.DONE_WITH_PROBLEMS


def test_quirk_15_in_one_upload_goods_are_taken_before_offers_whatever_their_order(
    onec: OneC, warehouse: Shelf
) -> None:
    onec.sign_in()
    onec.text("catalog", "init")
    onec.send("catalog", "offers0_1.xml", messages.offers({"a": "7.00"}))
    onec.send("catalog", "import0_1.xml", messages.catalogue(["a"]))

    quiet()

    assert ExchangeSession.objects.get().counts["prices"] == {"read": 1, "created": 1}


def test_quirk_24_stock_that_a_full_run_leaves_out_is_asked_for_at_its_end(
    onec: OneC, warehouse: Shelf
) -> None:
    onec.portion("import0_1.xml", messages.catalogue(["a"]))
    onec.portion("offers0_1.xml", messages.offers({"a": "7.00"}))

    quiet()

    assert ("stock", "offers") in warehouse.finished


def test_quirk_25_pictures_that_arrive_after_the_goods_are_offered(
    onec: OneC, warehouse: Shelf
) -> None:
    onec.sign_in()
    onec.text("catalog", "init")
    onec.send("catalog", "import0_1.xml", messages.catalogue(["a"]))
    onec.take("catalog", "import0_1.xml")
    onec.send("catalog", "import_files/ab/x y.jpg", b"\xff\xd8picture")

    quiet()

    assert warehouse.refs("pictures") == ["import_files/ab/x y.jpg"]


@pytest.mark.parametrize(
    "row",
    [
        document("A-1", operation="Счет на оплату"),
        document("A-1", currency=""),
        document("СУБЗАКАЗ-100001"),
    ],
    ids=["another operation", "no currency", "a number longer than УТ keeps"],
)
def test_quirk_28_29_a_document_that_1c_would_refuse_is_left_out_and_named(
    onec: OneC, waiting_orders: list[DocumentRow], row: DocumentRow
) -> None:
    waiting_orders += [row, document("INV-2")]
    onec.sign_in("sale")

    answer = onec.text("sale", "query")

    assert answer.count("<Документ>") == 1
    assert "INV-2" in answer
    assert SessionProblem.objects.get().value == row.number


def test_quirk_30_query_begins_with_the_declaration_also_when_there_is_nothing(
    onec: OneC, waiting_orders: list[DocumentRow]
) -> None:
    onec.sign_in("sale")

    answer = onec.ask("sale", "query")

    assert answer.content.startswith(b"<?xml")
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    assert (
        b"<\xd0\x94\xd0\xbe\xd0\xba\xd1\x83\xd0\xbc\xd0\xb5\xd0\xbd\xd1\x82>" not in answer.content
    )


def test_quirk_31_orders_are_repeated_until_success_and_gone_after_it(
    onec: OneC, waiting_orders: list[DocumentRow]
) -> None:
    waiting_orders.append(document("INV-1"))
    onec.sign_in("sale")
    first, again = onec.text("sale", "query"), onec.text("sale", "query")

    onec.text("sale", "success")

    assert "INV-1" in first
    assert "INV-1" in again
    assert "INV-1" not in onec.text("sale", "query")


def test_quirk_31_success_of_a_login_that_did_not_query_confirms_nothing(
    onec: OneC, waiting_orders: list[DocumentRow]
) -> None:
    waiting_orders.append(document("INV-1"))
    onec.sign_in("sale")
    onec.text("sale", "query")
    stranger = onec.again()
    stranger.sign_in("sale")

    answer = stranger.text("sale", "success")

    assert answer == "success"
    assert "INV-1" in onec.text("sale", "query")


def test_quirk_31_success_repeated_is_harmless(
    onec: OneC, node: Node, waiting_orders: list[DocumentRow]
) -> None:
    waiting_orders.append(document("INV-1"))
    onec.sign_in("sale")
    onec.text("sale", "query")

    answers = [onec.text("sale", "success"), onec.text("sale", "success")]

    assert answers == ["success", "success"]
    assert ExchangeSession.objects.get().sent_documents == 1


def test_quirk_32_a_module_that_speaks_3_1_gets_orders_in_containers(
    onec: OneC, waiting_orders: list[DocumentRow]
) -> None:
    waiting_orders.append(document("INV-1"))
    onec.sign_in("sale")
    onec.text("sale", "init", version="3.1")

    assert "<Контейнер><Документ>" in onec.text("sale", "query").replace("\n", "").replace("  ", "")


def test_quirk_36_the_same_order_under_new_file_names_changes_nothing(
    onec: OneC, warehouse: Shelf
) -> None:
    for name in ("orders-1.xml", "orders-2.xml", "orders-3.xml"):
        onec.portion(name, messages.order("INV-1"), subject="sale")

    counts = ExchangeSession.objects.get().counts
    assert counts["orders"] == {"read": 3, "created": 1, "unchanged": 2}


def test_quirk_40_a_sessid_once_used_is_never_required(onec: OneC) -> None:
    token = onec.sign_in()[3].removeprefix("sessid=")
    onec.text("catalog", "init", sessid=token)

    assert onec.text("catalog", "init") == "zip=yes\nfile_limit=10485760"


def test_quirk_41_a_lost_authorization_header_is_explained(onec: OneC) -> None:
    response = onec.raw("type=catalog&mode=checkauth", is_header_lost=True)

    first, sentence = response.content.decode().split("\n")
    assert first == "failure"
    assert "Authorization" in sentence
    assert len(sentence) < 255


def test_quirk_41_a_valid_cookie_is_enough_when_the_header_is_lost_later(onec: OneC) -> None:
    onec.sign_in()

    response = onec.raw("type=catalog&mode=init", is_header_lost=True)

    assert response.content == b"zip=yes\nfile_limit=10485760"


def test_quirk_42_the_size_of_a_part_is_a_setting_of_the_connection(onec: OneC, node: Node) -> None:
    Node.objects.update(file_limit=204800, accepts_zip=False)
    onec.sign_in()

    assert onec.text("catalog", "init") == "zip=no\nfile_limit=204800"


def test_quirk_42_an_empty_part_is_refused_with_advice(onec: OneC) -> None:
    onec.sign_in()
    onec.text("catalog", "init")

    answer = onec.text("catalog", "file", filename="import0_1.xml", body=b"")

    assert answer.startswith('failure\nThe part of "import0_1.xml" is empty.')


def test_quirk_43_an_address_that_holds_a_question_mark_works(onec: OneC) -> None:
    response = onec.raw("site=1?type=catalog&mode=checkauth")

    assert response.content.startswith(b"success\n")


def test_quirk_44_info_writes_its_statuses_with_a_latin_letter(onec: OneC) -> None:
    onec.sign_in("sale")

    answer = onec.text("sale", "info")

    assert "<C\u0442атусы" in answer


@pytest.mark.parametrize("subject", ["catalog", "sale", "reference", "get_catalog", "listen"])
def test_every_mode_may_be_posted_with_an_empty_body(onec: OneC, subject: str) -> None:
    answer = onec.text(subject, "checkauth", post=True)

    assert answer.startswith("success\n")


def test_an_unknown_type_is_refused_in_the_words_clients_know(onec: OneC) -> None:
    assert onec.text("crm", "checkauth") == "failure\nUnknown command type."


def test_get_catalog_has_a_one_line_init_and_says_when_it_is_finished(onec: OneC) -> None:
    onec.sign_in("get_catalog")

    assert onec.text("get_catalog", "init") == "zip=no"
    assert onec.text("get_catalog", "query").startswith("<?xml")  # the classifier
    assert onec.text("get_catalog", "query") == "finished=yes"
    assert onec.text("get_catalog", "query") == "finished=yes"


def test_listen_answers_at_once_when_orders_changed(
    onec: OneC, waiting_orders: list[DocumentRow]
) -> None:
    waiting_orders.append(document("INV-1"))
    onec.sign_in("listen")

    assert onec.text("listen", "listen") == "success"


def test_the_second_address_is_the_same_door(onec: OneC) -> None:
    onec.door = "/exchange/1c/"

    assert onec.sign_in()[0] == "success"


def test_the_parts_of_a_file_read_as_one_seekable_stream(onec: OneC) -> None:
    onec.sign_in()
    onec.text("catalog", "init")
    onec.send("catalog", "a.bin", b"0123456789", part=3)

    with files.open_file(UploadedFile.objects.get()) as source:
        source.seek(-4, 2)
        assert (source.read(), source.seek(2), source.read(5)) == (b"6789", 2, b"23456")
