"""A December day of the published panel, replayed as pickups over HTTP: `make replay`."""
