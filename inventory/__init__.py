"""What is counted, and where."""
