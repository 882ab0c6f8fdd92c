"""From characters to typed tokens: the article, its sentences, numbers, periods, parties and goods."""
