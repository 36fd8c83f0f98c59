"""Addresses of the room."""

from __future__ import annotations

from django.urls import URLPattern, path

from apps.service import views

app_name = "service"
urlpatterns: list[URLPattern] = [
    path("", views.request_list, name="list"),
    path("board/", views.board, name="board"),
    path("report/", views.report, name="report"),
    path("new/", views.request_new, name="new"),
    path("bulk/", views.bulk, name="bulk"),
    path("undo/", views.undo, name="undo"),
    path("<uuid:pk>/", views.card, name="card"),
    path("<uuid:pk>/edit/", views.request_edit, name="edit"),
    path("<uuid:pk>/move/", views.move, name="move"),
]
