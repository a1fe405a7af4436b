"""The proofs. `factories` makes rows, `journeys` walks an order through its life, `conftest` furnishes a house."""
