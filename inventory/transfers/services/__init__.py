"""What is written of transfers: drafting, sending, receiving."""
