"""The process: from a basket to goods in the customer's hands."""
