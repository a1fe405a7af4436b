"""The price of a basket and the VAT inside it."""
