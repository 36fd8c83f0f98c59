"""HTTP of the catalogue: one call of a service or selector each, and its answer back."""
