"""Parcels: what is packed in which, the carriers that take them, where they are, and the points that keep them."""
