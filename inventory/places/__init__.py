"""Where: stores and warehouses, their hours, their places to keep things."""
