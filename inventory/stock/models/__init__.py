"""What the stock room keeps."""

from inventory.stock.models.levels import StockChange, StockLevel, StockMovement
from inventory.stock.models.reservations import Reservation

__all__ = ["Reservation", "StockChange", "StockLevel", "StockMovement"]
