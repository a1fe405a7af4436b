from django.apps import AppConfig


class ConfidenceConfig(AppConfig):
    name = "inventory.confidence"
    label = "confidence"
