from django.apps import AppConfig


class WaitingConfig(AppConfig):
    name = "orders.fulfilment.waiting"
    label = "waiting"
