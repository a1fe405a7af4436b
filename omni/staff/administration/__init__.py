"""People, roles and keys: who works here, and what they may do."""
