"""Forms that a company puts on its own site: what is posted becomes an unsorted lead."""
