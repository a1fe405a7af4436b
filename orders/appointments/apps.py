from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    name = "orders.appointments"
    label = "appointments"
