"""Addresses of the room."""

from django.urls import URLPattern, URLResolver, path

from apps.catalog.views import files, picking

app_name = "catalog"
urlpatterns: list[URLPattern | URLResolver] = [
    path("pick/", picking.pick, name="pick"),
    path("files/<uuid:pk>/", files.product_file, name="file"),
]
