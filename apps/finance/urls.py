"""Addresses of the room."""

from django.urls import URLPattern, URLResolver, path

from apps.finance import views

app_name = "finance"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.organization_list, name="organizations"),
    path("new/", views.organization_new, name="organization_new"),
    path("settings/", views.change_settings, name="settings"),
    path("<uuid:pk>/", views.organization_edit, name="organization"),
]
