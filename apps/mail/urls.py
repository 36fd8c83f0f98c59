"""Addresses of the room."""

from __future__ import annotations

from django.urls import URLPattern, path

from apps.mail import views

app_name = "mail"
urlpatterns: list[URLPattern] = [
    path("boxes/", views.box_list, name="boxes"),
    path("boxes/new/", views.box_new, name="box_new"),
    path("boxes/<uuid:pk>/", views.box_edit, name="box_edit"),
    path("boxes/<uuid:pk>/check/", views.box_check, name="box_check"),
]
