"""Lists of the room of deals."""

from apps.deals.lists.deals import DealList
from apps.deals.lists.quotations import QuotationList

__all__ = ["DealList", "QuotationList"]
