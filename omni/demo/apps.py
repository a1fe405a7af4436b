"""The demo's app: commands and data, no tables."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "omni.demo"
    label = "demo"
