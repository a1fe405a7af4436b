"""Tracking and relay points over the REST API."""
