"""Goods on their way between our places, and from suppliers: prepared, sent, received piece by piece, every
discrepancy with a reason."""
