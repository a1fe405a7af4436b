"""How many: levels, movements, reservations."""
