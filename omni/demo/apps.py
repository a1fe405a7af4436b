"""The demo's app: commands and data, and the table of its clock."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "omni.demo"
    label = "demo"
