"""Russian: 23.11.2026; groups of digits stand apart by a narrow space that does not break."""

SHORT_DATE_FORMAT = "d.m.Y"
SHORT_DATETIME_FORMAT = "d.m.Y H:i"
MONTH_DAY_FORMAT = "j E"
THOUSAND_SEPARATOR = "\u202f"
