"""News for other systems: what became of case files and incidents, as a feed by cursor and pushed to targets."""
