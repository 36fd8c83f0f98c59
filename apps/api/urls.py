"""Addresses of the room; those of the API itself end without a slash."""

from __future__ import annotations

from django.urls import path, re_path

from apps.api import (
    calls,
    exported,
    imported,
    invitations,
    purged,
    reported,
    screens,
    told_history,
    uploads,
    views,
)

app_name = "api"
urlpatterns = [
    path("", screens.keys, name="keys"),
    path("keys/new/", screens.key_new, name="key_new"),
    path("keys/<uuid:pk>/withdraw/", screens.key_withdraw, name="key_withdraw"),
    path("v1/", views.index, name="index"),
    path("v1/openapi.json", views.openapi, name="openapi"),
    path("v1/calls", calls.call_event, name="calls"),
    path("v1/files", uploads.collection, name="files"),
    path("v1/imports", imported.collection, name="imports"),
    path("v1/invitations", invitations.invite, name="invitations"),
    path("v1/exports/<uuid:pk>/file", exported.export_file, name="export_file"),
    path("v1/reports/<slug:name>", reported.report, name="reports"),
    path("v1/<slug:kind>", views.collection, name="collection"),
    path("v1/<slug:kind>/<uuid:pk>", views.item, name="item"),
    path("v1/<slug:kind>/<uuid:pk>/purge", purged.purge, name="purge"),
    path("v1/<slug:kind>/<uuid:pk>/history", told_history.history, name="history"),
    path("v1/<slug:kind>/<uuid:pk>/<slug:name>", views.action, name="action"),
    re_path(r"^v1/(?P<rest>[\s\S]+)$", views.nowhere, name="nowhere"),
]
