"""Addresses of the room: the form itself for everybody, its settings for administrators."""

from __future__ import annotations

from django.urls import path

from apps.webforms import views

app_name = "webforms"
urlpatterns = [
    path("", views.form_list, name="list"),
    path("new/", views.form_new, name="new"),
    path("<uuid:pk>/", views.form_edit, name="edit"),
    path("at/<str:token>/", views.web_form, name="web_form"),
]
