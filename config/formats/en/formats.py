"""English: Nov 23, 2026; a day has 24 hours; the week begins on Monday."""

DATE_FORMAT = "M j, Y"
SHORT_DATE_FORMAT = "M j, Y"
DATETIME_FORMAT = "M j, Y, H:i"
SHORT_DATETIME_FORMAT = "M j, Y, H:i"
TIME_FORMAT = "H:i"
MONTH_DAY_FORMAT = "M j"
FIRST_DAY_OF_WEEK = 1
