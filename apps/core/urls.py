"""Addresses of the room."""

from django.urls import URLPattern, URLResolver, path

from apps.core import desktop, installed, styleguide, views, views_exports, views_lists

app_name = "core"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", desktop.start, name="start"),
    path("arrange/", desktop.arrange, name="arrange"),
    path("search/", views.search, name="search"),
    path("preferences/", views.preferences, name="preferences"),
    path("preferences/columns/", views.list_columns, name="list_columns"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("preferences/widths/", views_lists.list_widths, name="list_widths"),
    path("objects/<slug:kind>/fields/", views_lists.filter_fields, name="filter_fields"),
    path("objects/<slug:kind>/choices/", views_lists.choices, name="choices"),
    path("objects/<slug:kind>/many/", views_lists.bulk_edit, name="bulk"),
    path("objects/<slug:kind>/views/", views_lists.save_view, name="save_view"),
    path("objects/<slug:kind>/sizes/", views_lists.view_sizes, name="view_sizes"),
    path("objects/<slug:kind>/former-views/", views_lists.former_views, name="former_views"),
    path("objects/<slug:kind>/<uuid:pk>/<slug:field>/", views_lists.cell, name="cell"),
    path("undo/<str:token>/", views_lists.undo, name="undo"),
    path("jobs/<uuid:pk>/", views_lists.job, name="job"),
    path("jobs/<uuid:pk>/undo/", views_lists.undo_job, name="undo_job"),
    path("exports/", views_exports.exports, name="exports"),
    path("exports/regularly/", views_exports.schedule_export, name="schedule_export"),
    path("exports/regularly/<uuid:pk>/stop/", views_exports.stop_schedule, name="stop_schedule"),
    path("exports/<uuid:pk>/file/", views_exports.export_file, name="export_file"),
    path("exports/<uuid:pk>/remove/", views_exports.remove_export, name="remove_export"),
    path("views/<uuid:pk>/", views_lists.change_view, name="change_view"),
    path("former-views/<uuid:pk>/", views_lists.bring_view_back, name="bring_view_back"),
    path("side-bar/", views_lists.side_bar, name="side_bar"),
    path("pins/", views_lists.pin, name="pin"),
    path("manifest.webmanifest", installed.manifest, name="manifest"),
    path("service-worker.js", installed.service_worker, name="service_worker"),
    path("offline/", installed.offline, name="offline"),
    path("live/changes", views.live_changes, name="live_changes"),
]
