"""Addresses of the room."""

from django.urls import URLPattern, URLResolver, path

from apps.core import desktop, styleguide, views

app_name = "core"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", desktop.start, name="start"),
    path("arrange/", desktop.arrange, name="arrange"),
    path("search/", views.search, name="search"),
    path("preferences/", views.preferences, name="preferences"),
    path("preferences/columns/", views.list_columns, name="list_columns"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("live/changes", views.live_changes, name="live_changes"),
]
