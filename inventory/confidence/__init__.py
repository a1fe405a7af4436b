"""How sure it is that a piece is really there, learnt from counts and short picks; and what to count next."""
