"""Dates and numbers as each language writes them; what is not here is Django's own."""
