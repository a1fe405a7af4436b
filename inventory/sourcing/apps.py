from django.apps import AppConfig


class SourcingConfig(AppConfig):
    name = "inventory.sourcing"
    label = "sourcing"
