from django.apps import AppConfig


class TransfersConfig(AppConfig):
    name = "inventory.transfers"
    label = "transfers"
