"""Addresses of the room."""

from __future__ import annotations

from django.urls import path

from apps.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.import_list, name="list"),
    path("new/", views.import_new, name="new"),
    path("<uuid:pk>/", views.import_card, name="card"),
    path("<uuid:pk>/look/", views.import_look, name="look"),
    path("<uuid:pk>/choose/", views.import_choose, name="choose"),
    path("<uuid:pk>/meanings/", views.import_meanings, name="meanings"),
    path("<uuid:pk>/write/", views.import_write, name="write"),
    path("<uuid:pk>/undo/", views.import_undo, name="undo"),
    path("<uuid:pk>/errors/", views.import_errors, name="errors"),
]
