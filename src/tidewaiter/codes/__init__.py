"""Areas, products and units: the tables every other room resolves names through; no fuzzy guessing."""
