"""The demo's own pages; a real house has not even their addresses."""

from django.urls import path

from omni.demo.clock import views

urlpatterns = [path("demo/clock/", views.clock, name="demo-clock")]
