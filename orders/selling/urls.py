"""Addresses of the endless aisle."""

from django.urls import path

from orders.selling import views

urlpatterns = [
    path("sell/", views.sell, name="sell"),
    path("sell/scans/", views.scan, name="sell-scans"),
    path("sold/<str:number>/", views.sold, name="sold"),
]
