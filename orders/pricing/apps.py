from django.apps import AppConfig


class PricingConfig(AppConfig):
    name = "orders.pricing"
    label = "pricing"
