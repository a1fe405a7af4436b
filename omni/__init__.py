"""Omni: shop, web, phone, chat and social over one customer, one stock, one order and one loyalty account."""

from omni.worker import app as celery_app

__all__ = ["celery_app"]
