"""The Celery application. The broker is a bell, never a memory: every task may run twice, or be called by the sweep."""

from celery import Celery

app = Celery("omni")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
