"""Addresses of the room."""

from __future__ import annotations

from django.urls import path

from apps.duplicates import views

app_name = "duplicates"
urlpatterns = [
    path("", views.pair_list, name="list"),
    path("find/", views.find, name="find"),
    path("decide/", views.decide, name="decide"),
    path("compare/", views.compare, name="compare"),
    path("like/", views.like, name="like"),
    path("merged/", views.merge_list, name="merges"),
    path("merged/<uuid:pk>/undo/", views.part, name="part"),
    path("report/", views.report, name="report"),
    path("report/discard/", views.discard, name="discard"),
    path("bin/", views.bin_list, name="bin"),
    path("bin/restore/", views.restore, name="restore"),
    path("bin/purge/", views.purge, name="purge"),
]
