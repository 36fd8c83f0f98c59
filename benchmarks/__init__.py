"""Measurements: each beside a peer and the physical limit, in one run, as ratios."""
