"""Addresses of the engine: the door for branch offices."""

from django.urls import path

from replication.transports import centre

app_name = "sync"
urlpatterns = [
    path("join", centre.join, name="join"),
    path("challenge", centre.ask_challenge, name="challenge"),
    path("session", centre.open_session, name="session"),
    path("state", centre.state, name="state"),
    path("up/<int:number>", centre.up, name="up"),
    path("pack", centre.ask_pack, name="pack"),
    path("down/<int:number>", centre.down, name="down"),
    path("file/<str:digest>", centre.file, name="file"),
    path("fingerprints", centre.give_fingerprints, name="fingerprints"),
    path("hashes", centre.give_hashes, name="hashes"),
    path("repair", centre.repair, name="repair"),
    path("acknowledge", centre.take_acknowledgement, name="acknowledge"),
]
