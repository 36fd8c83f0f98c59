"""Addresses of the room."""

from django.urls import URLPattern, URLResolver, path

from apps.inventory import views

app_name = "inventory"
urlpatterns: list[URLPattern | URLResolver] = [path("", views.stock_list, name="stock")]
