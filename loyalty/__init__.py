"""The one ledger of points."""
