"""What the scheduler did last: one row for each kind of work."""

from django.db import models


class Beat(models.Model):
    """When a task last ran to its end, or what stopped it."""

    task = models.CharField(max_length=60, primary_key=True)
    ran_at = models.DateTimeField()
    took_ms = models.IntegerField(default=0)
    failure = models.CharField(max_length=80, default="", db_default="")

    class Meta:
        db_table = "worker_beat"

    def __str__(self) -> str:
        return self.task
