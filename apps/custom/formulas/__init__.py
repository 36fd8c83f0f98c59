"""Formulas of own fields: read (``syntax``), checked (``checking``), made SQL (``compiling``)."""
