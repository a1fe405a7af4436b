from django.apps import AppConfig


class PlacingConfig(AppConfig):
    name = "orders.placing"
    label = "placing"
