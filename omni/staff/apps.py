from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "omni.staff"
    label = "staff"
