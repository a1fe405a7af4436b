from django.apps import AppConfig


class SubstitutesConfig(AppConfig):
    name = "orders.fulfilment.substitutes"
    label = "substitutes"
