"""River 1, from the publisher's file to declared trade; stages are pure and meet in tables."""
