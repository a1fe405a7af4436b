"""Addresses of pages that say how sure a figure is."""

from django.urls import path

from inventory.confidence import views

urlpatterns = [
    path("stock/", views.stock, name="stock"),
    path("counts/suggested/", views.suggested, name="counts-suggested"),
]
