"""One publisher is one card (.yml) and one parser (.py)."""
