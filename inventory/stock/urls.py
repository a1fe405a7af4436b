"""The stock's addresses."""

from django.urls import path

from inventory.stock import views

urlpatterns = [path("stock/", views.stock, name="stock")]
