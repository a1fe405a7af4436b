"""The demo's settings, facts beside the bench's files, no letter leaves, and a scheduler that keeps the day's pace."""

import os

from omni.settings.base import CELERY_BEAT_SCHEDULE as SCHEDULE
from omni.settings.base import VAR as HOUSE_VAR
from omni.settings.demo import *  # noqa: F403

VAR = HOUSE_VAR / "bench" / "replay"
STATIC_ROOT = VAR / "static"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
SPEED = float(os.environ.get("REPLAY_SPEED") or 20)
SESSION_IDLE_SECONDS = 13 * 60 * 60
"""A tablet that nobody touches locks by the wall: half an hour of it is ten hours of the day."""
CELERY_BEAT_SCHEDULE = {
    name: {
        **planned,
        "schedule": max(1.0, planned["schedule"] / SPEED),
        "options": {"expires": max(10.0, planned["options"]["expires"] / SPEED)},
    }
    for name, planned in SCHEDULE.items()
    if name not in {"learn-confidence", "learn-sales-rates", "work-on-catalogue", "sweep"}
} | {name: SCHEDULE[name] for name in ("learn-confidence", "learn-sales-rates", "work-on-catalogue", "sweep")}
"""What watches promises every minute watches every minute of the day that is replayed; what works at night does not."""
