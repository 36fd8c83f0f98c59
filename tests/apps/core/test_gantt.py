"""A list as bars over time, beside its table."""
