"""Addresses of the room."""

from django.urls import URLPattern, URLResolver, path

from apps.catalog.views import directories, files, picking, prices, products

app_name = "catalog"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", products.product_list, name="products"),
    path("new/", products.product_new, name="product_new"),
    path("archive/", products.product_archive, name="archive"),
    path("prices/", prices.price_list, name="prices"),
    path("directories/", directories.directory_list, name="directories"),
    path("pick/", picking.pick, name="pick"),
    path("files/<uuid:pk>/", files.product_file, name="file"),
    path("<uuid:pk>/", products.product_card, name="product"),
    path("<uuid:pk>/edit/", products.product_edit, name="product_edit"),
]
