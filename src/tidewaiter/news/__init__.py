"""River 3, from an article to claims and findings."""
