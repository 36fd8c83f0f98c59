"""What a list screen is: a subclass for each list of a room."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.db.models.fields.json import KeyTransform
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.functional import Promise, cached_property

from apps.core import objects
from apps.core.context_processors import allowed
from apps.core.furnishing import Furnishing, furnishing
from apps.core.lists import conditions, fields
from apps.core.lists.columns import Column
from apps.core.lists.conditions import BadFilter, Group
from apps.core.lists.filters import Filter
from apps.core.lists.paging import Order

PAGE_SIZE = 50
MOST_CHOSEN = 5000


@dataclass(frozen=True)
class Empty:
    """What a list says when nothing is there: one line why, one thing to do."""

    icon: str
    title: str | Promise
    text: str | Promise = ""
    action: str | Promise = ""
    url_name: str = ""


@dataclass(frozen=True)
class BulkAction:
    """What can be done with chosen rows: a button that posts their keys as ``id``."""

    key: str
    label: str | Promise
    url_name: str
    right: str = ""
    icon: str = ""
    confirm: str | Promise = ""  # only when it cannot be undone
    is_destructive: bool = False
    name: str = "action"  # the parameter that carries the key


class ListScreen:
    """A list of rows. Subclass it, give what differs, show it with ``show_list``.

    Nobody has to think of the rights: what ``rows`` and ``found`` of a subclass return is narrowed
    to what the person may see, and rows are masked once they are prepared.

    With ``kind`` the list can do what every list of objects can: conditions on any field, columns
    for all of them, saved views, groups, totals, editing in the cell and many rows at once.
    """

    key: ClassVar[str]  # names the saved columns and the parts of the page
    title: ClassVar[str | Promise]
    url_name: ClassVar[str]
    columns: Sequence[Column]  # of the class, or set on one that is asked for: see ``__init__``
    filters: ClassVar[Sequence[Filter]] = ()
    search: ClassVar[Sequence[str]] = ()  # lookups; each word must fit one of them
    search_hint: ClassVar[str | Promise] = ""
    order: ClassVar[str] = "-pk"  # a column's key or a field, "-" before it for the reverse
    tables: ClassVar[Sequence[str]] = ()  # database tables whose changes refresh the rows
    actions: ClassVar[Sequence[BulkAction]] = ()
    empty: Empty = Empty("list-details", "")
    create_url_name: ClassVar[str] = ""
    create_label: ClassVar[str | Promise] = ""
    create_right: ClassVar[str] = ""
    page_size: ClassVar[int] = PAGE_SIZE
    footer_template: ClassVar[str] = ""
    export_right: ClassVar[str] = ""  # where the rows are of no kind that has one
    may_choose_all: ClassVar[bool] = True  # actions take all that match, not only what is ticked
    kind: ClassVar[str] = ""  # the key of the ``ObjectKind`` whose rows these are
    joins: ClassVar[Mapping[str, str]] = {}  # what is read along only where this column is shown
    # What stands around its rows is kept (``apps.core.lists.kept``), and the statement of its rows
    # without search and filters, which depend on nothing but the person then.
    is_kept: ClassVar[bool] = False
    bars: ClassVar[Sequence[str]] = ()  # the two dates a bar of ``gantt`` lies between at first
    grouped: ClassVar[str] = "group"  # the parameter that names the field rows are grouped by
    reads: ClassVar[Sequence[str]] = ()  # what ``apps.core.furnishing`` reads for ``prepare``

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.asked = request.GET
        if self.kind:
            self.columns = fields.with_columns(self.columns, self.of, request.user)

    def __init_subclass__(cls, **values: Any) -> None:
        super().__init_subclass__(**values)
        if cls.kind and "key" in cls.__dict__:
            _screens[cls.key] = cls
        if "key" in cls.__dict__ and "title" in cls.__dict__:
            _titles.setdefault(cls.key, cls.title)
        for name in ("rows", "found"):
            if name in cls.__dict__:
                setattr(cls, name, _narrowed(cls.__dict__[name]))
        if "prepare" in cls.__dict__:
            cls.prepare = _masked(cls.__dict__["prepare"])  # type: ignore[method-assign]

    # What a subclass says -------------------------------------------------------------------------

    def rows(self) -> QuerySet[Any]:
        """Return every row the person may see, joined with what the columns show."""
        raise NotImplementedError

    def url(self, row: Any) -> str:
        """Return the address of a row's card; ``""`` when it has none."""
        return str(row.get_absolute_url()) if hasattr(row, "get_absolute_url") else ""

    def prepare(self, rows: Sequence[Any]) -> None:
        """Add to the rows of one page what a join cannot give, with one query for all of them."""
        objects.rights().mask(self.request.user, rows)

    def offered(self) -> Sequence[BulkAction]:
        """Return what can be done with rows of this page; rights are looked at afterwards."""
        return self.actions

    def footer(self) -> dict[str, Any]:
        """Return what ``footer_template`` shows below the first page, as ``data``."""
        return {}

    def matching(self, rows: QuerySet[Any], words: Sequence[str]) -> QuerySet[Any]:
        """Return the rows in which each word stands; the words are as typed."""
        for word in words:
            wanted = Q()
            for lookup in self.search:
                wanted |= Q(**{lookup: word})
            rows = rows.filter(wanted)
        return rows

    # What the framework asks ----------------------------------------------------------------------

    def leave_out(self) -> None:
        """Take the columns, filters and searches of fields out that the person does not see."""
        unseen = objects.rights().unseen(self.request.user, self.model)
        hidden = unseen.hidden
        if unseen.closed:  # rows in their order would tell what stands in them
            self.columns = [
                replace(each, sort="") if {_first(each.sort), each.field} & unseen.closed else each
                for each in self.columns
            ]
            closed = unseen.closed
            self.filters = [each for each in self.filters if _first(each.field) not in closed]  # type: ignore[misc]
        if hidden:
            self.columns = [each for each in self.columns if not each.fields & hidden]
            self.filters = [each for each in self.filters if _first(each.field) not in hidden]  # type: ignore[misc]
            self.search = [each for each in self.search if _first(each) not in hidden]  # type: ignore[misc]

    @property
    def model(self) -> type[Model]:
        """Return what the rows are."""
        return self.rows().model

    @property
    def may_export(self) -> bool:
        """Tell whether the person may take the list out as a file."""
        if self.export_right:
            return allowed(self.request.user, self.export_right)
        return objects.rights().may_export(self.request.user, self.model)

    def found(self) -> QuerySet[Any]:
        """Return the rows that fit search and filters."""
        rows = self.rows()
        words = self.asked.get("q", "")[:200].replace("\x00", " ").split()
        if words:
            rows = self.matching(rows, words[:8])
        for each in self.filters:
            rows = each.narrow(rows, self.asked)
        return rows

    def matched(self) -> QuerySet[Any]:
        """Return the rows that fit search, filters and the conditions people have built.

        None when those conditions cannot be read: an action must not take more than was meant.
        """
        rows = self.found()
        if not self.kind:
            return rows
        if self.condition_problem:
            return rows.none()
        if self.condition is not None:
            today = timezone.localdate()
            user = self.request.user
            rows = rows.filter(
                conditions.compiled(self.condition, user=user, kind=self.of, today=today)
            )
        return rows

    def joined(self, columns: Sequence[Column]) -> QuerySet[Any]:
        """Return the rows that fit, read together with what these columns show."""
        relations = [self.joins[each.key] for each in columns if each.key in self.joins]
        if self.kind:
            relations += fields.joined(columns, self.of)
        rows = self._with_order(self.matched())
        return rows.select_related(*relations) if relations else rows

    @property
    def is_ordered_by_own(self) -> bool:
        """Tell whether the rows are sorted by a field of the company's own, computed or not."""
        return self._order_field is not None

    @property
    def _order_field(self) -> objects.Field | None:
        if not self.kind:
            return None
        path = self.ordering()[0].path
        for each in objects.fields_of(self.of):
            name = each.key if each.computed is not None else fields.own_order(each)
            if name and name == path:
                return each
        return None

    def _with_order(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        field = self._order_field
        if field is None:
            return rows
        if field.computed is not None:
            name, by = field.key, field.computed(self.request.user, "")
        else:
            name, by = fields.own_order(field), KeyTransform(field.key, "custom")
        found: QuerySet[Any] = rows.annotate(**{name: by})
        return found

    @cached_property
    def furnishing(self) -> Furnishing:
        """Return how the person has furnished this list."""
        wanted = {*self.reads, *(getattr(each, "read", "") for each in self.filters)} - {""}
        return furnishing(self.request, self.key, wanted)

    @property
    def of(self) -> objects.ObjectKind:
        """Return the kind of the rows."""
        return objects.kind(self.kind)

    @cached_property
    def _read_condition(self) -> tuple[Group | None, str]:
        text = self.asked.get("f", "") if self.kind else ""
        if not text:
            return None, ""
        try:
            return conditions.parse(text, self.of, self.request.user), ""
        except BadFilter as error:
            return None, error.sentence

    @property
    def condition(self) -> Group | None:
        """Return the conditions people have built; ``None`` without."""
        return self._read_condition[0]

    @property
    def condition_problem(self) -> str:
        """Return why the conditions of the address cannot be read; ``""`` when they can."""
        return self._read_condition[1]

    def ordering(self) -> tuple[Order, str]:
        """Return what the rows are sorted by, and the key of that column."""
        for text in (self.asked.get("sort", ""), self.order):
            wanted = Order.parse(text)
            for column in self.columns:
                if column.sort and column.key == wanted.path:
                    return Order(column.sort, wanted.is_descending), column.key
        return Order.parse(self.order), ""

    @property
    def whole_url(self) -> str:
        """Return the address of the list without search and filters."""
        return self.request.path

    @property
    def is_narrowed(self) -> bool:
        """Tell whether search or a filter hides rows."""
        if self.asked.get("q") or self.asked.get("f"):
            return True
        return any(each.chips(self.asked) for each in self.filters)


_screens: dict[str, type[ListScreen]] = {}
_titles: dict[str, Any] = {}


def title_of(key: str) -> str:
    """Return how the list with this key is called; ``""`` where it has no name of its own."""
    return str(_titles.get(key, "") or "")


_makers: dict[str, Callable[[HttpRequest, str], ListScreen]] = {}


def screens_named(prefix: str, make: Callable[[HttpRequest, str], ListScreen]) -> None:
    """Say how lists are made of which there is one for each kind: ``prefix.kind`` is their key.

    ``make`` takes the request and the kind; it raises ``KeyError`` where there is none.
    """
    _makers[prefix] = make


def is_known(screen: ListScreen) -> bool:
    """Tell whether a list can be asked for by its key and address alone: ``screen_of``."""
    return _screens.get(screen.key) is type(screen) or screen.key.partition(".")[0] in _makers


def screen_of(key: str, *, user: Any, address: str = "") -> ListScreen:
    """Return a list as a person sees it at an address (``f=…&q=…``), outside its own page.

    :raises KeyError: no list with a kind has this key.
    """
    request = HttpRequest()
    request.method, request.user = "GET", user
    request.GET = QueryDict(address)
    prefix, point, kind = key.partition(".")
    if point and prefix in _makers:
        return _makers[prefix](request, kind)
    return _screens[key](request)


def _narrowed(read: Callable[[Any], QuerySet[Any]]) -> Callable[[Any], QuerySet[Any]]:
    @wraps(read)
    def narrowed(self: ListScreen) -> QuerySet[Any]:
        return objects.rights().narrow_seen(self.request.user, read(self))

    return narrowed


def _masked(prepare: Callable[..., None]) -> Callable[..., None]:
    @wraps(prepare)
    def masked(self: ListScreen, rows: Sequence[Any]) -> None:
        prepare(self, rows)
        objects.rights().mask(self.request.user, rows)

    return masked


def _first(path: str) -> str:
    return path.split("__")[0]


def chosen_rows(screen: ListScreen) -> QuerySet[Model]:
    """Return the rows a bulk action was asked for: those ticked, or all that fit the address.

    The request is a POST with ``id`` values, or with ``all=yes`` and the list's own address
    parameters. Keys that are none are left out.
    """
    posted = screen.request.POST
    if posted.get("all") == "yes":
        return screen.matched()
    return screen.rows().filter(pk__in=_keys(posted.getlist("id")[:MOST_CHOSEN]))


def _keys(texts: Sequence[str]) -> list[UUID]:
    keys = []
    for text in texts:
        try:
            keys.append(UUID(text))
        except ValueError:
            continue
    return keys
