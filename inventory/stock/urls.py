"""The stock's addresses."""

from django.urls import path

from inventory.stock import ledger_views, views

urlpatterns = [
    path("stock/", views.stock, name="stock"),
    path("stock/<str:sku>/movements/", ledger_views.ledger, name="stock-movements"),
]
