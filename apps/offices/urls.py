"""Addresses of the room."""

from django.urls import path

from apps.offices import views

app_name = "offices"
urlpatterns = [
    path("", views.home, name="home"),
    path("new/", views.new, name="new"),
    path("preview/", views.preview, name="preview"),
    path("strip/", views.strip, name="strip"),
    path("sync/", views.sync, name="sync"),
    path("conflicts/", views.conflict_list, name="conflicts"),
    path("conflicts/settle/", views.settle, name="settle"),
    path("conflicts/<uuid:pk>/", views.conflict, name="conflict"),
    path("conflicts/<uuid:pk>/decide/", views.decide, name="decide"),
    path("parked/<uuid:pk>/", views.parked, name="parked"),
    path("<uuid:pk>/", views.card, name="card"),
    path("<uuid:pk>/edit/", views.edit, name="edit"),
    path("<uuid:pk>/code/", views.new_code, name="code"),
    path("<uuid:pk>/export/", views.export_file, name="export"),
    path("<uuid:pk>/import/", views.import_file, name="import"),
    path("<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
]
