"""What to ask publishers, what became of it, and what an answer is worth; the network itself is `statistics.fetch`."""
