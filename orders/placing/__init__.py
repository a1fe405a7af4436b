"""Placing an order from any channel: the one transaction that moves stock, money and points."""
