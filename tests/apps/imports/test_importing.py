"""Files become rows: guessed, checked, written, undone."""

from __future__ import annotations

from datetime import date

import pytest

from apps.accounts.models import User
from apps.activities.models import Activity
from apps.core import objects
from apps.core.searching import matching
from apps.counterparties.models import BankAccount, ContactPerson, Counterparty
from apps.counterparties.services import (
    CounterpartyValues,
    archive_counterparties,
    save_counterparty,
)
from apps.duplicates.services import merge
from apps.imports import services
from apps.imports.models import ImportedRow, ImportLine, KnownMapping, RunState
from apps.imports.tasks import check_import
from apps.service.models import ServiceRequest
from tenants.models import Company
from tests.apps.imports.steps import brought, checked, imported, undone, written

pytestmark = pytest.mark.usefixtures("company")

RUSSIAN = (
    "Контрагент;ИНН;КПП;Телефон;Эл. почта;Менеджер\n"
    "ООО Ромашка;7707083893;770701001;+7 495 123-45-67;info@romashka.example;Marina Manager\n"
    "ИП Иванов;500100732259;;8 (812) 555-01-02;;Marina Manager\n"
)


def meant(run: object) -> list[str]:
    return [each["field"] for each in run.mapping]  # type: ignore[attr-defined]


def problems(run: object) -> list[tuple[int, str, list[list[str]]]]:
    lines = ImportLine.objects.filter(run=run).exclude(problems=[]).order_by("number")  # type: ignore[misc]
    return [(line.number, line.outcome, line.problems) for line in lines]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("Наименование;ИНН;Тел.;E-mail", ["name", "tax_number", "phone", "email"]),
        ("Müşteri Adı;Vergi No;Cep Telefonu;E-posta", ["name", "tax_number", "phone", "email"]),
        ("Company;Tax ID;Phone number;Email", ["name", "tax_number", "phone", "email"]),
        ("Клиент;Полное наименование;Юр. адрес;Что-то", ["name", "full_name", "legal_address", ""]),
    ],
    ids=["russian", "turkish", "english", "unknown column left out"],
)
def test_headings_in_three_languages_tell_what_columns_mean(
    manager: User, head: str, expected: list[str]
) -> None:
    """G044: the mapping is guessed."""
    run = brought(f"{head}\na;b;c;d\n", by=manager)

    assert meant(run) == expected


def test_values_tell_what_a_column_means_where_its_heading_does_not(manager: User) -> None:
    run = brought("Наименование;Колонка 7\nРомашка;a@b.example\nЛютик;c@d.example\n", by=manager)

    assert meant(run) == ["name", "email"]


def test_the_check_counts_and_writes_nothing(manager: User) -> None:
    """G044: the dry run counts new, update, skip and errors."""
    save_counterparty(values=CounterpartyValues(name="ООО Ромашка", tax_number="7707083893"))
    text = RUSSIAN + "ООО Ромашка;7707083893;;;;\nОшибка;7736050003;;;не почта;\n;7736207543;;;;\n"

    run = checked(brought(text, by=manager))

    assert run.counts == {"update": 1, "new": 1, "skip": 1, "error": 2}
    assert [(number, told[0][0]) for number, _o, told in problems(run)] == [
        (4, "repeated"), (5, "not_an_email"), (6, "missing"),
    ]  # fmt: skip
    assert Counterparty.objects.count() == 1


def test_rows_are_written_as_the_check_has_told(manager: User) -> None:
    run = imported(RUSSIAN, by=manager)

    partner = Counterparty.objects.get(tax_number="7707083893")
    assert (run.state, run.counts["new"]) == (RunState.DONE, 2)
    assert (run.before_count, run.after_count) == (0, 2)
    assert (partner.name, partner.phone) == ("ООО Ромашка", "+7 495 123-45-67")
    assert (partner.responsible, partner.sort_name) == (manager, "ооо ромашка")


def test_the_same_file_again_changes_nothing(manager: User) -> None:
    imported(RUSSIAN, by=manager)
    before = list(Counterparty.objects.order_by("pk").values())

    run = checked(brought(RUSSIAN, by=manager))

    assert run.counts == {"same": 2}
    assert list(Counterparty.objects.order_by("pk").values()) == before


def test_an_import_can_be_undone(manager: User) -> None:
    """G044: after import "Undo" restores."""
    former = save_counterparty(
        values=CounterpartyValues(name="Ромашка", tax_number="7707083893", comment="ours")
    )
    before = Counterparty.objects.values().get(pk=former.pk)
    run = imported(RUSSIAN, by=manager)

    run = undone(run)

    after = Counterparty.objects.values().get()
    assert run.state == RunState.UNDONE
    assert {**after, "updated_at": None} == {**before, "updated_at": None}


def test_undo_keeps_a_customer_who_has_complained_since(manager: User) -> None:
    """G044: undo removes nothing of what people have made since."""
    run = imported(RUSSIAN, by=manager)
    partner = Counterparty.objects.get(tax_number="7707083893")
    asked = ServiceRequest.objects.create(counterparty=partner, subject="Broken")

    undone(run)

    assert list(Counterparty.objects.all()) == [partner]
    assert ServiceRequest.objects.get() == asked


def test_undo_keeps_rows_that_somebody_has_changed_since_and_lists_them(manager: User) -> None:
    run = imported(RUSSIAN, by=manager)
    partner = Counterparty.objects.get(tax_number="7707083893")
    partner.comment = "called"
    partner.save()

    run = undone(run)

    assert list(Counterparty.objects.all()) == [partner]
    assert [row.key for row in ImportedRow.objects.filter(run=run, is_kept=True)] == [partner.pk]
    assert run.counts["kept"] == 1


def test_a_mapping_is_remembered_by_its_headings(manager: User) -> None:
    """G044: mapping remembered."""
    run = brought("Наименование;Колонка 7\nРомашка;x\n", by=manager)
    checked(run, mapping=[run.mapping[0], {"field": "comment", "format": ""}])

    again = brought("Колонка 7;Наименование\ny;Лютик\n", by=manager)

    assert meant(again) == ["comment", "name"]
    assert KnownMapping.objects.count() == 1


def test_a_killed_worker_and_a_repeated_job_end_the_same(
    manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.imports.services.writing.BATCH", 10)
    lines = "".join(f"Фирма {n};KZ{n:08d}\n" for n in range(35))
    run = checked(brought(f"Наименование;ИНН\n{lines}", by=manager))
    services.start_writing(run=run, now=run.created_at)
    _die_after(2, monkeypatch)

    with pytest.raises(RuntimeError, match="killed"):
        services.write(run=run)
    written_first = Counterparty.objects.count()
    monkeypatch.undo()
    services.write(run=run)
    services.write(run=run)

    assert (written_first, Counterparty.objects.count()) == (20, 35)
    assert ImportedRow.objects.filter(run=run).count() == 35


def test_words_of_the_file_are_told_what_they_mean(manager: User, owner: User) -> None:
    text = "Наименование;Менеджер;Вид\nРомашка;Петрова;юрлицо\n"
    run = checked(brought(text, by=manager))
    assert run.unknown == {"responsible": {"Петрова": 1}, "kind": {"юрлицо": 1}}

    run = checked(
        run, meanings={"responsible": {"Петрова": str(owner.pk)}, "kind": {"юрлицо": "company"}}
    )

    assert run.counts == {"new": 1}
    assert written(run).counts["new"] == 1
    assert Counterparty.objects.get().responsible == owner


def points(partner: Counterparty) -> list[tuple[str, str]]:
    return list(partner.points.order_by("pk").values_list("kind", "value"))


def test_several_phones_of_a_cell_become_further_phones(manager: User) -> None:
    """F233: each phone of a cell is a phone of its own, with its extension, and found by."""
    cells = 'Ромашка;"+7 495 123-45-67, доб. 12; +7 495 123-45-68";8 999 111-22-33'

    imported(f"Наименование;Телефон;Моб. телефон\n{cells}\n", by=manager)

    partner = Counterparty.objects.get()
    assert partner.phone == "+7 495 123-45-67, доб. 12"
    assert points(partner) == [("phone", "+7 495 123-45-68"), ("phone", "8 999 111-22-33")]
    assert partner.comment == ""
    assert list(matching(Counterparty.objects.all(), "9991112233", by=manager)) == [partner]


def test_what_is_no_phone_stands_in_the_comment(manager: User) -> None:
    imported("Наименование;Телефон\nРомашка;+7 495 1234567, +7 1\n", by=manager)

    partner = Counterparty.objects.get()
    assert points(partner) == []
    assert "+7 1" in partner.comment


def test_further_phones_come_once_and_go_with_the_import(manager: User) -> None:
    partner = save_counterparty(values=CounterpartyValues(name="Ромашка", tax_number="7707083893"))
    text = "Наименование;ИНН;Телефон\nРомашка;7707083893;+7 495 1234567, +7 495 1234568\n"

    first = imported(text, by=manager)
    imported(text, by=manager)
    assert points(partner) == [("phone", "+7 495 1234568")]

    undone(first)
    assert points(partner) == []
    partner.refresh_from_db()
    assert partner.further_contacts == ""


def test_further_phones_of_a_contact_person_are_theirs(manager: User) -> None:
    text = "ФИО;Компания;Телефон\nАнна;Ромашка;+7 495 1234567, +7 495 1234568\n"

    imported(text, by=manager, kind="contacts")

    person = ContactPerson.objects.get()
    assert person.phone == "+7 495 1234567"
    assert [each.value for each in person.points.all()] == ["+7 495 1234568"]


ACCOUNT, BIC = "40702810438000060473", "044525225"


def test_bank_accounts_come_on_the_line_of_their_company(manager: User) -> None:
    """F233: account, БИК and bank of a file stand among the requisites."""
    text = (
        "Наименование;Р/с;БИК;Банк;Корр. счет\n"
        f"Ромашка;4070 2810 4380 0006 0473;{BIC};ПАО Сбербанк;30101810400000000225\n"
    )

    run = imported(text, by=manager)
    again = imported(text, by=manager)

    [account] = BankAccount.objects.all()
    assert (account.number, account.bank_code, account.bank_name) == (ACCOUNT, BIC, "ПАО Сбербанк")
    assert account.correspondent_account == "30101810400000000225"
    assert problems(again) == []
    undone(run)
    assert not BankAccount.objects.exists()


@pytest.mark.parametrize(
    ("number", "code"),
    [("40702810438000060474", BIC), (ACCOUNT, ""), ("TR330006100519786457841327", ""), ("", BIC)],
    ids=["check digit", "no bank", "IBAN", "no number"],
)
def test_an_account_that_cannot_be_right_is_told_by_the_check(
    manager: User, number: str, code: str
) -> None:
    """F233: the check digits of accounts are checked before anything is written."""
    run = checked(brought(f"Наименование;Расчетный счет;БИК\nРомашка;{number};{code}\n",
                          by=manager))  # fmt: skip

    assert run.counts["error"] == 1
    [(_line, _outcome, [[code_, field, sentence]])] = problems(run)
    assert (code_, field) == ("refused", "bank_accounts.number")
    assert sentence


def test_the_check_says_what_is_wrong_in_the_language_of_whoever_asked(manager: User) -> None:
    manager.language = "ru"
    manager.save()
    run = brought(f"Наименование;Расчетный счет;БИК\nРомашка;{ACCOUNT[:-1]}4;{BIC}\n", by=manager)
    services.choose(run=run, mapping=run.mapping, settings=run.settings, meanings={})

    check_import.run(run_id=str(run.pk))

    [(_line, _outcome, [[_code, _field, sentence]])] = problems(run)
    assert "БИК" in sentence


def test_a_turkish_account_has_an_iban_alone(manager: User) -> None:
    imported("Firma;IBAN;Banka\nPapatya;TR33 0006 1005 1978 6457 8413 26;Ziraat\n", by=manager)

    account = BankAccount.objects.get()
    assert (account.number, account.bank_name) == ("TR330006100519786457841326", "Ziraat")


def test_rows_are_recognised_by_a_phone_however_it_is_written(manager: User) -> None:
    save_counterparty(values=CounterpartyValues(name="Ромашка", phone="+7 (495) 123-45-67"))

    run = checked(brought("Наименование;Телефон\nРомашка;84951234567\n", by=manager))

    assert run.counts == {"update": 1}


def test_past_rows_come_with_the_day_they_were_entered(manager: User) -> None:
    """F235: accumulated data keeps its dates."""
    imported("Наименование;Дата создания\nРомашка;05.03.2019\n", by=manager)

    assert Counterparty.objects.get().created_at.date().isoformat() == "2019-03-05"


def test_empty_cells_keep_what_stands_there_unless_told_to_clear(manager: User) -> None:
    values = CounterpartyValues(name="Ромашка", tax_number="7707083893", comment="ours")
    save_counterparty(values=values)
    text = "Наименование;ИНН;Комментарий\nРомашка;7707083893;\n"

    kept = checked(brought(text, by=manager))
    cleared = imported(text, by=manager, empty="clear")

    assert kept.counts == {"same": 1}
    assert cleared.counts["update"] == 1
    assert Counterparty.objects.get().comment == ""


def test_only_new_or_only_known_rows_when_told_so(manager: User) -> None:
    save_counterparty(values=CounterpartyValues(name="Ромашка", tax_number="7707083893"))

    new = checked(brought(RUSSIAN, by=manager), mode="new")
    known = checked(brought(RUSSIAN, by=manager), mode="update")

    assert new.counts == {"skip": 1, "new": 1}
    assert known.counts == {"update": 1, "skip": 1}


def test_a_broken_file_is_told_and_nothing_is_left(manager: User, company: Company) -> None:
    with pytest.raises(Exception, match="empty"):
        brought("", by=manager)

    assert not ImportLine.objects.exists()


def _die_after(batches: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from apps.imports.services import writing

    real, calls = writing._write_batch, []

    def dying(*args: object) -> bool:
        calls.append(1)
        if len(calls) > batches:
            raise RuntimeError("killed")
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(writing, "_write_batch", dying)


def test_notes_of_another_program_come_with_their_customers_and_dates(manager: User) -> None:
    """F235: history (notes, calls) comes with its dates; the customer is found or made."""
    known = save_counterparty(values=CounterpartyValues(name="Ромашка", tax_number="7707083893"))
    text = (
        "Дата создания;Контрагент;Тема;Вид;Описание\n"
        "05.03.2019 14:30;7707083893;Первый звонок;Call;Просили прайс\n"
        "12.11.2020;Лютик;Заметка;Note;Переехали\n"
    )

    imported(text, by=manager, kind="activities")

    told = Activity.objects.order_by("created_at").values_list(
        "subject", "counterparty__name", "created_at__date"
    )
    assert list(told) == [
        ("Первый звонок", "Ромашка", date(2019, 3, 5)), ("Заметка", "Лютик", date(2020, 11, 12)),
    ]  # fmt: skip
    assert known.activities.count() == 1
    happened = Activity.objects.order_by("created_at").values_list("at__date", "completed_at__date")
    assert list(happened) == [
        (date(2019, 3, 5), None), (date(2020, 11, 12), date(2020, 11, 12)),
    ]  # fmt: skip


def test_undo_takes_back_the_customers_an_import_had_made_too(manager: User) -> None:
    run = imported(
        "Контрагент;Тема;Вид\nЛютик;Звонок;Call\nЛютик;Письмо;Note\n", by=manager,
        kind="activities", match=[],
    )  # fmt: skip
    assert (Activity.objects.count(), Counterparty.objects.count()) == (2, 1)

    undone(run)

    assert (Activity.objects.count(), Counterparty.objects.count()) == (0, 0)


def test_contact_persons_come_with_their_companies(manager: User) -> None:
    """F230: the company of a contact person is found or made; a name counts within a company."""
    save_counterparty(values=CounterpartyValues(name="Ромашка", tax_number="7707083893"))
    text = (
        "ФИО;Компания;Должность\nАнна;7707083893;директор\nАнна;Лютик;бухгалтер\nПётр;Лютик;\n"
    )  # fmt: skip

    first = imported(text, by=manager, kind="contacts")
    again = checked(brought(text, by=manager, kind="contacts"))

    told = ContactPerson.objects.values_list("full_name", "counterparty__name", "job_title")
    assert first.counts["new"] == 3
    assert sorted(told) == [
        ("Анна", "Лютик", "бухгалтер"), ("Анна", "Ромашка", "директор"), ("Пётр", "Лютик", ""),
    ]  # fmt: skip
    assert Counterparty.objects.count() == 2
    assert "new" not in again.counts


def test_the_contact_person_on_the_line_of_a_company_comes_along(manager: User) -> None:
    run = imported(
        "Наименование;ИНН;Контактное лицо\nРомашка;7707083893;Анна\n", by=manager
    )  # fmt: skip
    person = ContactPerson.objects.get()
    assert (person.full_name, person.counterparty.name) == ("Анна", "Ромашка")

    undone(run)

    assert (ContactPerson.objects.count(), Counterparty.objects.count()) == (0, 0)


def test_a_merged_double_does_not_stop_an_import(manager: User) -> None:
    """F228, G044: after a merge the number tells the one that stayed."""
    kept, away = (
        save_counterparty(values=CounterpartyValues(name=name, tax_number="7707083893"))
        for name in ("Ромашка", "Ромашка дубль")
    )
    merge(kind=objects.kind("counterparties"), kept=kept.pk, away=[away.pk], values={}, by=manager)

    imported("Name;INN;Phone\nРомашка;7707083893;84951234567\n", by=manager)

    assert Counterparty.objects.get(pk=kept.pk).phone == "84951234567"
    assert Counterparty.objects.get(pk=away.pk).phone == ""
    run = checked(brought(f"id;Phone\n{away.pk};84950000000\n", by=manager), match=["id"])
    assert [told[2][0][0] for told in problems(run)] == ["gone"]


def test_what_is_in_the_bin_is_neither_changed_nor_in_the_way(manager: User) -> None:
    gone = save_counterparty(values=CounterpartyValues(name="Ромашка", tax_number="7707083893"))
    archive_counterparties(ids=[gone.pk])

    imported("Name;INN;Phone\nРомашка;7707083893;84951234567\n", by=manager)

    assert Counterparty.objects.get(is_archived=False).phone == "84951234567"
    assert Counterparty.objects.get(pk=gone.pk).phone == ""
