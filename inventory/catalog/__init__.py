"""What: products, variants, prices."""
