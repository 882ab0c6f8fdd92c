"""From tokens to claims: clauses, frames, directions, lists, and what one sentence leaves to the next."""
