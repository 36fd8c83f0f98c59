"""Lists of every room: columns, sorting, filters, pages, selection, parts that come back alone.

``docs/howto/build-a-screen.md`` shows a whole screen.
"""

from apps.core.lists.columns import Column
from apps.core.lists.filters import (
    BooleanFilter,
    Chip,
    ChoiceFilter,
    DateRangeFilter,
    Filter,
    NumberRangeFilter,
    RelatedFilter,
)
from apps.core.lists.paging import Order, Page, UnknownCursor, read_page
from apps.core.lists.screen import BulkAction, Empty, ListScreen, chosen_rows
from apps.core.lists.views import show_list

__all__ = [
    "BooleanFilter",
    "BulkAction",
    "Chip",
    "ChoiceFilter",
    "Column",
    "DateRangeFilter",
    "Empty",
    "Filter",
    "ListScreen",
    "NumberRangeFilter",
    "Order",
    "Page",
    "RelatedFilter",
    "UnknownCursor",
    "chosen_rows",
    "read_page",
    "show_list",
]
