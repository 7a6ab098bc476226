"""Measurements of the product beside hand-written SQL on the same database: `make bench`."""
