"""Sourcing's addresses."""

from django.urls import path

from inventory.sourcing import views

urlpatterns = [path("sourcing/", views.why, name="sourcing")]
