"""Writing XLSX row by row: a workbook leaves while its rows are still being read.

The libraries there are write a whole file first, so that whoever waits hears nothing for minutes;
the part of ECMA-376 that a plain table needs is small. Numbers, days and moments are written as
such, texts as they are: a cell of type text is never a formula, whatever it begins with.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, cast
from xml.sax.saxutils import escape, quoteattr

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_OF_A_SHEET = 1_000_000  # Excel takes 1,048,576
LONGEST_TEXT = 32_767
_PIECE = 1 << 16
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - spreadsheets know no zones
_FIRST_DAY = date(1900, 3, 1)  # Excel takes 1900 for a leap year: earlier days would be one off
_EXACT = 10**15  # figures beyond 15 digits would be rounded
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEAD, _DAY, _MOMENT = 1, 2, 3  # places in ``cellXfs`` below

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_BEGINS = (
    f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    "</sheetView></sheetViews><sheetData>"
)
_SHEET_ENDS = "</sheetData></worksheet>"
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="4"><xf xfId="0"/><xf xfId="0" fontId="1" applyFont="1"/>'
    '<xf xfId="0" numFmtId="164" applyNumberFormat="1"/>'
    '<xf xfId="0" numFmtId="165" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)


def workbook(
    heads: Sequence[str], batches: Iterable[Iterable[Sequence[Any]]], *, title: str
) -> Iterator[bytes]:
    """Yield an XLSX file with these rows, batch by batch, in constant memory.

    A table of more than a million rows goes on in a second sheet. Moments are written as they
    stand, without their zone.
    """
    target = _Outgoing()
    deflated = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(cast(IO[bytes], target), "w", deflated, compresslevel=1) as archive:
        archive.writestr("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        rows = (row for batch in batches for row in batch)
        sheets, row = 0, next(rows, None)
        while row is not None or not sheets:
            sheets += 1
            with archive.open(f"xl/worksheets/sheet{sheets}.xml", "w", force_zip64=True) as sheet:
                sheet.write((_SHEET_BEGINS + _row(heads, _HEAD)).encode())
                for _number in range(ROWS_OF_A_SHEET - 1):
                    if row is None:
                        break
                    sheet.write(_row(row).encode())
                    row = next(rows, None)
                    if target.size > _PIECE:
                        yield target.taken()
                sheet.write(_SHEET_ENDS.encode())
        for name, text in _parts(title, sheets):
            archive.writestr(name, text)
    yield target.taken()


def _row(values: Sequence[Any], style: int = 0) -> str:
    return f"<row>{''.join([_cell(value, style) for value in values])}</row>"


def _cell(value: Any, style: int) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{value:d}</v></c>'
    if isinstance(value, int | float | Decimal) and -_EXACT < value < _EXACT:
        return f"<c><v>{value}</v></c>"
    if isinstance(value, datetime) and value.date() >= _FIRST_DAY:
        return f'<c s="{_MOMENT}"><v>{_days(value)!r}</v></c>'
    if isinstance(value, date) and not isinstance(value, datetime) and value >= _FIRST_DAY:
        return f'<c s="{_DAY}"><v>{(value - _EPOCH.date()).days}</v></c>'
    text = escape(_NOT_XML.sub("", str(value))[:LONGEST_TEXT])
    styled = f' s="{style}"' if style else ""
    return f'<c t="inlineStr"{styled}><is><t xml:space="preserve">{text}</t></is></c>'


def _days(moment: datetime) -> float:
    return (moment.replace(tzinfo=None) - _EPOCH).total_seconds() / 86_400


def _parts(title: str, sheets: int) -> Iterator[tuple[str, str]]:
    """Yield the files that name the sheets; in an archive they may as well come last."""
    numbers = range(1, sheets + 1)
    name = re.sub(r"[\[\]:*?/\\']", " ", title).strip()[:25] or "Sheet"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kinds}.worksheet+xml"/>'
        for n in numbers
    )
    yield "[Content_Types].xml", (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kinds}.styles+xml"/>{overrides}</Types>'
    )
    entries = "".join(
        f'<sheet name={quoteattr(name if n == 1 else f"{name} {n}")} sheetId="{n}" r:id="r{n}"/>'
        for n in numbers
    )
    yield "xl/workbook.xml", (
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{entries}</sheets>'
        "</workbook>"
    )
    yield "xl/_rels/workbook.xml.rels", _relations(
        [*(("worksheet", f"worksheets/sheet{n}.xml") for n in numbers), ("styles", "styles.xml")]
    )
    yield "xl/styles.xml", _STYLES


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    entries = "".join(
        f'<Relationship Id="r{n}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'


class _Outgoing:
    """Where the archive is written to: bytes wait here until they are sent."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        """Take bytes."""
        self._pieces.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Do nothing: what waits is taken."""

    def taken(self) -> bytes:
        """Return what waits, once."""
        data, self._pieces, self.size = b"".join(self._pieces), [], 0
        return data
