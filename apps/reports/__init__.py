"""Reports over sales and customers: every figure leads to the rows behind it."""
