"""Addresses of the room."""

from django.urls import URLPattern, URLResolver, path

from apps.notifications import views

app_name = "notifications"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.notice_list, name="list"),
    path("settings/", views.settings, name="settings"),
    path("read/", views.read, name="read"),
    path("<uuid:pk>/", views.open_notice, name="open"),
]
