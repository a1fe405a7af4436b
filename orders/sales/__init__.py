"""Orders, their lines, their events."""
