"""What the stock room keeps."""

from inventory.stock.models.counts import CountLine, ParkedCode, StockCount
from inventory.stock.models.levels import StockChange, StockLevel, StockMovement
from inventory.stock.models.reservations import Reservation

__all__ = ["CountLine", "ParkedCode", "Reservation", "StockChange", "StockCount", "StockLevel", "StockMovement"]
