"""One address."""

from django.urls import path

from bench.empty import Empty

urlpatterns = [path("api/bench/empty/", Empty.as_view())]
