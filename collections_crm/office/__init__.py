"""A small invented office, so that the product can be looked at with something in it."""
