"""What programs are told of an import and what they say of it: reading, columns, counts."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.core import objects
from apps.core.objects import Field
from apps.imports import sentences
from apps.imports.lists import count_of
from apps.imports.models import ImportRun, RunState
from apps.imports.sources import ENCODINGS
from apps.imports.views import FORMATS, MARKS

SETTINGS = {"mode": "both", "empty": "keep", "missing": "make"}  # as usual


def _column_rows(run: ImportRun) -> list[dict[str, Any]]:
    return [
        {
            "number": str(place + 1), "heading": heading,
            "samples": run.samples[place] if place < len(run.samples) else [],
            **{name: run.mapping[place][name] for name in ("field", "format")},
        }
        for place, heading in enumerate(run.headings)
    ]


def _meaning_rows(run: ImportRun) -> list[dict[str, Any]]:
    return [
        {"field": field, "text": text, "value": value}
        for field, words in run.meanings.items() for text, value in words.items()
    ]  # fmt: skip


def _unknown_rows(run: ImportRun) -> list[dict[str, Any]]:
    return [
        {"field": field, "text": text, "times": str(times)}
        for field, words in run.unknown.items() for text, times in words.items()
    ]  # fmt: skip


def _option(name: str, run: ImportRun) -> Any:
    return run.options.get(name, "")


def _mark(run: ImportRun) -> str:
    sign: str = run.options.get("delimiter", "")
    return MARKS.get(sign, sign)


def _head(run: ImportRun) -> int:
    return max(int(run.options.get("head", 0)), 0)


def _setting(name: str, run: ImportRun) -> Any:
    return run.settings.get(name) or SETTINGS[name]


def _failure(run: ImportRun) -> str:
    if not run.failure:
        return ""
    told = run.failure
    return sentences.unreadable(
        told.get("code", ""), line=told.get("line", 0), what=told.get("what", "")
    )


def _kinds() -> list[tuple[str, str]]:
    return [(kind.key, str(kind.label_plural)) for kind in objects.kinds() if kind.save]


def _told(key: str, label: Any, type: Any = "text", **more: Any) -> Field:
    """Return a field that is read alone and not asked for in lists."""
    more = {"is_writable": False, "is_filterable": False, **more}
    return Field(key, label, type, **more)


def _counted(key: str, label: Any, name: str) -> Field:
    return _told(key, label, "number", read=partial(count_of, name))


_COLUMNS = (
    Field("number", gettext_lazy("Number"), "number", is_required=True),
    Field("heading", gettext_lazy("Column of the file"), is_writable=False),
    Field("samples", gettext_lazy("For example"), "choices", is_writable=False),
    Field("field", gettext_lazy("Field"), help=gettext_lazy("Nothing leaves the column out.")),
    Field("format", gettext_lazy("Written as"), "choice", choices=tuple(FORMATS.items())),
)
_WORD = (
    Field("field", gettext_lazy("Field"), is_required=True),
    Field("text", gettext_lazy("In the file"), "long_text", is_required=True),
)
_READ = (
    Field("encoding", gettext_lazy("Encoding"), "choice", is_filterable=False,
          choices=[(each, each) for each in ENCODINGS], read=partial(_option, "encoding")),
    Field("delimiter", gettext_lazy("Delimiter"), is_filterable=False, read=_mark,
          help=gettext_lazy("It is a sign, or Tab.")),
    Field("table", gettext_lazy("Sheet or table"), is_filterable=False,
          read=partial(_option, "table")),
    _told("tables", gettext_lazy("Sheets or tables"), "choices",
          read=lambda run: run.options.get("tables", [])),
    Field("head", gettext_lazy("Row of headings"), "number", is_filterable=False, read=_head,
          help=gettext_lazy("0: there is none.")),
)  # fmt: skip
_MEANT = (
    Field("columns", gettext_lazy("Columns"), "rows", parts=_COLUMNS, read=_column_rows,
          is_filterable=False),
    Field("match", gettext_lazy("are recognised by"), is_filterable=False,
          read=lambda run: ",".join(run.settings.get("match", [])),
          help=gettext_lazy("Keys of fields, parted by commas.")),
    Field("mode", gettext_lazy("What to do"), "choice", is_filterable=False,
          read=partial(_setting, "mode"), choices=(
              ("both", gettext_lazy("Add new rows, change known ones")),
              ("new", gettext_lazy("Only add new rows")),
              ("update", gettext_lazy("Only change known rows")))),
    Field("empty", gettext_lazy("Empty cells"), "choice", is_filterable=False,
          read=partial(_setting, "empty"), choices=(
              ("keep", gettext_lazy("keep what stands there")),
              ("clear", gettext_lazy("clear the field")))),
    Field("missing", gettext_lazy("Others that a row names and nobody knows"), "choice",
          is_filterable=False, read=partial(_setting, "missing"), choices=(
              ("make", gettext_lazy("are made")), ("refuse", gettext_lazy("are an error")))),
    Field("meanings", gettext_lazy("What words of the file mean"), "rows", is_filterable=False,
          read=_meaning_rows, parts=(*_WORD, Field("value", gettext_lazy("Means")))),
    _told("unknown", gettext_lazy("Words that nothing here answers to"), "rows", read=_unknown_rows,
          parts=(*_WORD, Field("times", gettext_lazy("Times"), "number"))),
)  # fmt: skip

FIELDS = (
    Field("kind", pgettext_lazy("of an import", "What"), "choice", choices=_kinds,
          is_writable=False, is_of_new=True),
    Field("file_name", gettext_lazy("File"), is_writable=False),
    Field("size", gettext_lazy("Size, bytes"), "number", is_writable=False),
    Field("state", gettext_lazy("State"), "choice", choices=RunState.choices,
          is_writable=False),
    *_READ, *_MEANT,
    Field("row_count", gettext_lazy("Rows"), "number", is_writable=False),
    Field("position", gettext_lazy("Rows that are done"), "number", is_writable=False),
    _counted("new", pgettext_lazy("rows", "New"), "new"),
    _counted("changed", gettext_lazy("Changed"), "update"),
    _counted("unchanged", gettext_lazy("Unchanged"), "same"),
    _counted("left_out", gettext_lazy("Left out"), "skip"),
    _counted("wrong", gettext_lazy("With errors"), "error"),
    _counted("kept", gettext_lazy("Kept by undo"), "kept"),
    _told("failure", gettext_lazy("Why it was not read"), read=_failure),
    Field("by", gettext_lazy("By"), "user", is_writable=False),
    Field("created_at", gettext_lazy("Entered"), "moment", is_writable=False),
    Field("begun_at", gettext_lazy("Begun at"), "moment", is_writable=False),
    Field("finished_at", gettext_lazy("Ended at"), "moment", is_writable=False),
)  # fmt: skip
