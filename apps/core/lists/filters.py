"""Filters of a list: their state is the address, so a filtered list can be sent to a colleague."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

Choices = Sequence[tuple[str, Any]]


@dataclass(frozen=True)
class Chip:
    """A filter in force: what it says, and the parameters that taking it away removes."""

    label: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Filter:
    """What narrows a list; ``path`` is the field it looks at (``name`` when not given)."""

    name: str
    label: str | Promise
    path: str = ""
    template: ClassVar[str] = ""

    @property
    def field(self) -> str:
        """Return the field or annotation the filter looks at."""
        return self.path or self.name

    @property
    def names(self) -> tuple[str, ...]:
        """Return the parameters of the address that belong to the filter."""
        return (self.name,)

    def narrow(self, rows: QuerySet[Any], asked: QueryDict) -> QuerySet[Any]:
        """Return the rows that fit; values nobody could have chosen are as none."""
        raise NotImplementedError

    def chips(self, asked: QueryDict) -> list[Chip]:
        """Return what is in force."""
        raise NotImplementedError

    def form(self, asked: QueryDict, read: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return what the template of the filter shows; ``read`` is what the list has read."""
        return {"filter": self, "value": asked.get(self.name, "")}


@dataclass(frozen=True)
class ChoiceFilter(Filter):
    """One or several of few values; ``apply`` replaces the comparison with ``path``.

    ``choices`` may be a function: it is then called when the list is shown, unless ``read`` names
    what the list reads by itself (``apps.core.furnishing``): rows that begin with value and label.
    ``otherwise`` says what stands there when nothing is chosen, if that is not everything.
    """

    choices: Choices | Callable[[], Choices] = ()
    is_multiple: bool = False
    otherwise: str | Promise = ""
    apply: Callable[[QuerySet[Any], Sequence[str]], QuerySet[Any]] | None = None
    read: str = ""
    template: ClassVar[str] = "components/list/filter_choice.html"

    def _choices(self) -> list[tuple[str, Any]]:
        offered = self.choices() if callable(self.choices) else self.choices
        return [(str(value), label) for value, label in offered]

    def _asked(self, asked: QueryDict) -> list[str]:
        values = [value for value in asked.getlist(self.name) if value]
        return values if self.is_multiple else values[-1:]

    def narrow(self, rows: QuerySet[Any], asked: QueryDict) -> QuerySet[Any]:
        """Return the rows with one of the chosen values."""
        wanted = self._asked(asked)
        if not wanted:
            return rows
        known = {value for value, _label in self._choices()}
        wanted = [value for value in wanted if value in known]
        if not wanted:
            return rows
        if self.apply is not None:
            return self.apply(rows, wanted)
        return rows.filter(**{f"{self.field}__in": wanted})

    def chips(self, asked: QueryDict) -> list[Chip]:
        """Return one chip with the chosen values."""
        wanted = self._asked(asked)
        if not wanted:
            return []
        labels = [str(label) for value, label in self._choices() if value in wanted]
        return [Chip(f"{self.label}: {', '.join(labels)}", self.names)] if labels else []

    def form(self, asked: QueryDict, read: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the choices with the chosen ones marked."""
        wanted = self._asked(asked)
        known = (read or {}).get(self.read)
        choices = [(row[0], row[1]) for row in known] if known is not None else self._choices()
        offered = [(value, label, value in wanted) for value, label in choices]
        return {"filter": self, "choices": offered}


@dataclass(frozen=True)
class BooleanFilter(Filter):
    """Yes or no."""

    template: ClassVar[str] = "components/list/filter_boolean.html"

    def narrow(self, rows: QuerySet[Any], asked: QueryDict) -> QuerySet[Any]:
        """Return the rows where it is so, or is not."""
        value = asked.get(self.name)
        return rows.filter(**{self.field: value == "yes"}) if value in ("yes", "no") else rows

    def chips(self, asked: QueryDict) -> list[Chip]:
        """Return what was chosen."""
        value = asked.get(self.name)
        if value not in ("yes", "no"):
            return []
        word = _("yes") if value == "yes" else _("no")
        return [Chip(f"{self.label}: {word}", self.names)]


@dataclass(frozen=True)
class RelatedFilter(Filter):
    """The one row of another kind that a link came with: a customer's invoices.

    People take it away by its chip; they do not choose it in the list.
    """

    model: type[Model] | None = None
    template: ClassVar[str] = "components/list/filter_related.html"

    def _key(self, asked: QueryDict) -> UUID | None:
        try:
            return UUID(asked.get(self.name, ""))
        except ValueError:
            return None

    def narrow(self, rows: QuerySet[Any], asked: QueryDict) -> QuerySet[Any]:
        """Return the rows that belong to it."""
        key = self._key(asked)
        return rows.filter(**{self.field: key}) if key else rows

    def chips(self, asked: QueryDict) -> list[Chip]:
        """Return its name."""
        key = self._key(asked)
        if key is None or self.model is None:
            return []
        row = self.model._default_manager.filter(pk=key).first()
        return [Chip(f"{self.label}: {row}" if row else str(self.label), self.names)]


@dataclass(frozen=True)
class _RangeFilter(Filter):
    """From and to, both included; ``ends`` names the parameters of the address."""

    ends: tuple[str, str] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Return the two ends."""
        return self.ends or (f"{self.name}_from", f"{self.name}_to")

    def parsed(self, text: str) -> Any:
        """Return the value of an end; ``None`` when it is none."""
        raise NotImplementedError

    def shown(self, value: Any) -> str:
        """Return an end as people write it."""
        return str(value)

    def _ends(self, asked: QueryDict) -> tuple[Any, Any]:
        first, second = (self.parsed(asked.get(name, "").strip()) for name in self.names)
        return first, second

    def narrow(self, rows: QuerySet[Any], asked: QueryDict) -> QuerySet[Any]:
        """Return the rows between the ends."""
        first, second = self._ends(asked)
        wanted = Q()
        if first is not None:
            wanted &= Q(**{f"{self.field}__gte": first})
        if second is not None:
            wanted &= Q(**{f"{self.field}__lte": second})
        return rows.filter(wanted) if wanted else rows

    def chips(self, asked: QueryDict) -> list[Chip]:
        """Return one chip for the range."""
        first, second = self._ends(asked)
        if first is None and second is None:
            return []
        if second is None:
            values = {"label": self.label, "value": self.shown(first)}
            text = _("%(label)s: from %(value)s") % values
        elif first is None:
            values = {"label": self.label, "value": self.shown(second)}
            text = _("%(label)s: to %(value)s") % values
        else:
            text = f"{self.label}: {self.shown(first)} – {self.shown(second)}"
        return [Chip(text, self.names)]

    def form(self, asked: QueryDict, read: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the ends as they were given."""
        first, second = self.names
        return {
            "filter": self, "first": first, "second": second,
            "from": asked.get(first, ""), "to": asked.get(second, ""),
        }  # fmt: skip


@dataclass(frozen=True)
class DateRangeFilter(_RangeFilter):
    """Days from and to."""

    template: ClassVar[str] = "components/list/filter_dates.html"

    def parsed(self, text: str) -> date | None:
        """Return the day of ``2026-11-23``."""
        try:
            return parse_date(text) if text else None
        except ValueError:
            return None

    def shown(self, value: date) -> str:
        """Return the day as the language writes it."""
        return date_format(value, "SHORT_DATE_FORMAT")


@dataclass(frozen=True)
class NumberRangeFilter(_RangeFilter):
    """Amounts from and to; a comma is a point."""

    template: ClassVar[str] = "components/list/filter_numbers.html"

    def parsed(self, text: str) -> Decimal | None:
        """Return the number people typed."""
        try:
            value = Decimal("".join(text.split()).replace(",", "."))
        except InvalidOperation:
            return None
        return value if value.is_finite() and abs(value) < Decimal(10) ** 15 else None
