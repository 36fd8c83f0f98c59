"""The REST API over everything a screen can do."""
