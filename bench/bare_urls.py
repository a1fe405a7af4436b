"""One address."""

from django.urls import path

from bench.empty import Empty

urlpatterns = [path("bench/empty/", Empty.as_view())]
