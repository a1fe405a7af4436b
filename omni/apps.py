from django.apps import AppConfig


class OmniConfig(AppConfig):
    """The house itself: its commands, its template tags, its effects."""

    name = "omni"
    label = "omni"
