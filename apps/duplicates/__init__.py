"""Finding the same thing entered twice, and making one of it."""
