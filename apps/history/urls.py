"""Addresses of change histories."""

from django.urls import path

from apps.history import views

app_name = "history"
urlpatterns = [
    path("<slug:table>/<uuid:pk>/", views.history, name="card"),
    path("bring-back/<int:change_id>/", views.bring_back, name="bring_back"),
    path("restore/<int:change_id>/", views.restore, name="restore"),
]
