"""Who works here: people, their roles, the stores they may see, and the keys of web shops."""
