"""English: its tables of words, and the grammar that puts them together."""
