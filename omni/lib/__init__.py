"""What every room may use: no tables, and no import of any app of ours."""
