"""Ways in which messages travel between a centre and its offices."""
