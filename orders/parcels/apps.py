from django.apps import AppConfig


class ParcelsConfig(AppConfig):
    name = "orders.parcels"
    label = "parcels"
