from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "omni.desk"
    label = "desk"
