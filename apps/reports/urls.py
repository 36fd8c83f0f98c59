"""Addresses of the room."""

from __future__ import annotations

from django.urls import URLPattern, path

from apps.reports.views import by_field, figures, keeping

app_name = "reports"
urlpatterns: list[URLPattern] = [
    path("", figures.analysis, name="sales"),
    path("invoices/", figures.invoices, name="invoices"),
    path("deals/", figures.deals, name="deals"),
    path("customers/", figures.states, name="customers"),
    path("customers/list/", figures.customers_in, name="customers_in"),
    path("customers/<uuid:pk>/", figures.of_customer, name="of_customer"),
    path("promising/", figures.ranking, name="promising"),
    path("fields/", by_field.report, name="fields"),
    path("fields/rows/", by_field.rows, name="rows"),
    path("kept/", keeping.kept, name="kept"),
    path("kept/new/", keeping.keep, name="keep"),
    path("kept/<uuid:pk>/", keeping.change, name="change"),
    path("pinned/", keeping.pinned, name="pinned"),
    path("letter/", keeping.letter, name="letter"),
    path("letter/stop/<str:token>/", keeping.stop, name="stop"),
    path("settings/", keeping.settings, name="settings"),
]
