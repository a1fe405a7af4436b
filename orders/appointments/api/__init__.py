"""Appointments over the REST API."""
