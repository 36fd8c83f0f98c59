"""Addresses of the room."""

from django.urls import URLPattern, URLResolver

app_name = "counterparties"
urlpatterns: list[URLPattern | URLResolver] = []
