"""Files of every form as tables of text."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import Path

import pytest

from apps.imports import sources
from apps.imports.sources import Options, Unreadable

CUSTOMERS = [
    ["Наименование", "ИНН", "Телефон"],
    ["ООО Ромашка", "7707083893", "+7 495 123-45-67"],
    ["ИП Щёголев", "500100732259", "8 (812) 555-01-02"],
]
TURKISH = [["Müşteri adı", "Vergi no"], ["Işık Çelik İnşaat A.Ş.", "1234567890"]]


def written(path: Path, rows: list[list[str]], delimiter: str, encoding: str) -> str:
    text = "\r\n".join(delimiter.join(row) for row in rows)
    path.write_bytes(text.encode(encoding))
    return str(path)


def table(path: str) -> list[list[str]]:
    options = sources.look(path, Options())
    return [
        sources.headings(path, options),
        *(row for _number, row in sources.rows(path, options)),
    ]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|", "^", "~"], ids=repr)
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "windows-1251", "cp866", "utf-16", "utf-16-le", "koi8-r"]
)
def test_a_text_file_of_any_encoding_and_delimiter_is_recognised(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    """F234: any delimiter and encoding (UTF-8, 1251, 866, UTF-16) is recognised."""
    path = written(tmp_path / "customers.txt", CUSTOMERS, delimiter, encoding)

    assert table(path) == CUSTOMERS


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1254"])
def test_turkish_text_is_told_from_russian(tmp_path: Path, encoding: str) -> None:
    """F234: 1254 is recognised."""
    path = written(tmp_path / "cari.csv", TURKISH, ";", encoding)

    assert table(path) == TURKISH


def test_titles_above_the_table_are_left_out(tmp_path: Path) -> None:
    path = written(
        tmp_path / "report.csv", [["Отчёт за 2026 год", "", ""], ["", "", ""], *CUSTOMERS], ";",
        "utf-8",
    )  # fmt: skip

    assert table(path) == CUSTOMERS


def test_a_spreadsheet_gives_numbers_and_days_as_they_are(tmp_path: Path) -> None:
    """F232: XLSX is read, whole numbers without a decimal point, days as days."""
    path = tmp_path / "customers.xlsx"
    path.write_bytes(xlsx([["Name", "Tax number", "Since"], ["Acme", 7707083893, "2026-03-02"]]))

    expected = [["Name", "Tax number", "Since"], ["Acme", "7707083893", "2026-03-02"]]
    assert table(str(path)) == expected


def test_a_formula_is_never_run_only_its_value_is_read(tmp_path: Path) -> None:
    path = tmp_path / "formula.xlsx"
    path.write_bytes(xlsx([["Name"], ["=cmd|' /C calc'!A0"]]))

    assert table(str(path))[1] == ["=cmd|' /C calc'!A0"]


def test_an_archive_that_unfolds_beyond_reason_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.imports.sources.sheets.MOST_UNFOLDED", 1 << 20)
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(xlsx([["Name"], ["x" * (2 << 20)]]))

    with pytest.raises(Unreadable) as refused:
        sources.look(str(path), Options())

    assert refused.value.code == "too_large"


def test_a_line_without_an_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "endless.csv"
    path.write_bytes(b"name;phone\n" + b"x" * (3 << 20))

    with pytest.raises(Unreadable) as refused:
        table(str(path))

    assert refused.value.code == "line_too_long"


def test_zeros_in_a_text_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "zeros.csv"
    path.write_bytes(b"name;phone\nAc\x00me;123\n")

    assert table(str(path))[1] == ["Acme", "123"]


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_bytes(b"\n\n")

    with pytest.raises(Unreadable) as refused:
        sources.look(str(path), Options())

    assert refused.value.code == "empty"


DUMPS = {
    "mysql": (
        "CREATE TABLE `customers` (\n  `id` int NOT NULL,\n  `name` varchar(250),\n"
        "  `tax` varchar(20),\n  PRIMARY KEY (`id`)\n);\n"
        "INSERT INTO `customers` VALUES (1,'O\\'Brien; Sons','77'),(2,'Rome, Ltd',NULL);\n"
        "INSERT INTO `other` VALUES (1);\n",
        [["id", "name", "tax"], ["1", "O'Brien; Sons", "77"], ["2", "Rome, Ltd", ""]],
    ),
    "postgresql inserts": (
        'INSERT INTO public.customers (id, name) VALUES (1, \'O\'\'Brien\');\n'
        "INSERT INTO public.customers (id, name) VALUES (2, 'two\nlines');\n",
        [["id", "name"], ["1", "O'Brien"], ["2", "two\nlines"]],
    ),
    "postgresql copy": (
        "COPY public.customers (id, name, phone) FROM stdin;\n"
        "1\tRome\\tLtd\t\\N\n2\tAcme\t123\n\\.\n",
        [["id", "name", "phone"], ["1", "Rome\tLtd", ""], ["2", "Acme", "123"]],
    ),
    "ms sql": (
        "INSERT [dbo].[Customers] ([Id], [Name]) VALUES (1, N'Ромашка')\nGO\n"
        "INSERT [dbo].[Customers] ([Id], [Name]) VALUES (2, N'Лютик')\nGO\n",
        [["Id", "Name"], ["1", "Ромашка"], ["2", "Лютик"]],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DUMPS)
def test_a_dump_of_another_database_is_read_as_a_table(tmp_path: Path, name: str) -> None:
    """F233: a SQL dump (INSERT of each maker, COPY) is a table with its columns' names."""
    text, expected = DUMPS[name]
    path = tmp_path / "dump.sql"
    path.write_text(text, encoding="utf-8")

    assert table(str(path)) == expected


def test_the_xml_of_1c_gives_its_customers(tmp_path: Path) -> None:
    """F230: the customers of a CommerceML file, those inside documents too."""
    path = tmp_path / "customers.xml"
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><КоммерческаяИнформация ВерсияСхемы="2.04">'
        "<Документ><Ид>1</Ид><Номер>1</Номер><ХозОперация>Заказ товара</ХозОперация><Контрагенты>"
        "<Контрагент><Ид>c1</Ид><Наименование>Ромашка</Наименование>"
        "<ОфициальноеНаименование>ООО Ромашка</ОфициальноеНаименование><ИНН>7707083893</ИНН>"
        "</Контрагент></Контрагенты></Документ></КоммерческаяИнформация>",
        encoding="utf-8",
    )

    row = dict(zip(*table(str(path)), strict=True))

    assert (row["Ид"], row["Наименование"], row["ИНН"]) == ("c1", "Ромашка", "7707083893")


def test_the_file_of_a_conversion_from_77_gives_its_customers(corpus: Path) -> None:
    """F236: what the exchange of Trade+Warehouse 7.7 wrote loads."""
    found = sorted(corpus.rglob("*Exchange77*/**/*.xml"))
    read = []
    for path in found:
        try:
            read += table(str(path))[1:]
        except Unreadable:
            continue

    assert read


def test_an_access_base_is_read_by_mdbtools(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F231: the tables of an .mdb are told and one is read."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, body in (
        ("mdb-tables", "printf 'Customers\\nOrders\\n'"),
        ("mdb-export", "printf 'Name,Phone\\n\"Acme, Ltd\",123\\n'"),
    ):
        program = programs / name
        program.write_text(f"#!/bin/sh\n{body}\n")
        program.chmod(program.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    path = tmp_path / "base.mdb"
    path.write_bytes(b"\x00\x01\x00\x00Standard Jet DB\x00" + bytes(100))

    assert sources.look(str(path), Options()).tables == ["Customers", "Orders"]
    assert table(str(path)) == [["Name", "Phone"], ["Acme, Ltd", "123"]]


def test_without_mdbtools_an_access_base_is_refused_with_the_way_by_csv(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F231: … or the guide shows the CSV way."""
    monkeypatch.setenv("PATH", str(tmp_path))
    path = tmp_path / "base.accdb"
    path.write_bytes(b"\x00\x01\x00\x00Standard ACE DB\x00" + bytes(100))

    with pytest.raises(Unreadable) as refused:
        sources.look(str(path), Options())

    assert refused.value.code == "no_mdbtools"


def xlsx(rows: list[list[object]]) -> bytes:
    """Return the least that is a workbook: strings stand in the cells themselves."""
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = []
        for place, value in enumerate(row):
            name = f"{chr(65 + place)}{number}"
            if isinstance(value, int):
                cells.append(f'<c r="{name}"><v>{value}</v></c>')
            else:
                text = str(value).replace("&", "&amp;").replace("<", "&lt;")
                cells.append(f'<c r="{name}" t="inlineStr"><is><t>{text}</t></is></c>')
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    of = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="xml"'
        ' ContentType="application/xml"/><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1"'
        f' Type="{of}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{of}"><sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{of}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{"".join(lines)}'
        "</sheetData></worksheet>",
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return target.getvalue()
