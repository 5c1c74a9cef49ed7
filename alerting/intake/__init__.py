"""A list of homes as people keep it, read into case files: columns, cells, rows, and what is wrong with them."""
