"""A customer with an invoice, as the rooms of sales make it."""

from tests.apps.sales.conftest import shop  # noqa: F401
