"""Money taken and given back, per tender. Never a card number."""
