"""River 2, from the gazette to measures and what they cover."""
