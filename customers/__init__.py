"""Who: people, the identities that lead to them, and what we write to them."""
