"""Charts that people trust: each states its finding in words, names its source, and stands on a table."""
