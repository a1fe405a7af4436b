"""Appointments in stores: what is offered when, who is expected, who waits, who is being served."""
