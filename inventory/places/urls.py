"""Settings of stores."""

from django.urls import path

from inventory.places import views

urlpatterns = [
    path("stores/", views.stores, name="stores"),
    path("stores/new/", views.new_store, name="new-store"),
    path("stores/<slug:code>/", views.settings, name="store-settings"),
    path("stores/<slug:code>/preview/", views.preview, name="store-preview"),
    path("stores/<slug:code>/days/", views.add_day, name="special-day"),
    path("stores/<slug:code>/days/<int:pk>/remove/", views.remove_day, name="special-day-removal"),
    path("stores/<slug:code>/places/", views.add_place, name="hold-place"),
    path("stores/<slug:code>/places/<int:pk>/", views.change_place, name="hold-place-change"),
]
