"""Where tables live: Delta tables, raw bytes, as-of reads, one engine; knows nothing of what a row means."""
