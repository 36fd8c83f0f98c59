"""Addresses of the engine: the doors 1C knocks at. Screens stand in the rooms above."""

from django.urls import path

from exchange.transports import commerceml_http

app_name = "exchange_doors"
urlpatterns = [
    # What 1C's configurations fill in by themselves when the user types only a host.
    path("bitrix/admin/1c_exchange.php", commerceml_http.exchange, name="bitrix"),
    path("exchange/1c/", commerceml_http.exchange, name="door"),
    path("exchange/1c", commerceml_http.exchange),
]
