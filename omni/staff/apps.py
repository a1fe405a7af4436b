from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "omni.staff"
    label = "staff"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from omni.staff import sessions

        user_logged_in.connect(sessions.stamp, dispatch_uid="omni.staff.sessions.stamp")
