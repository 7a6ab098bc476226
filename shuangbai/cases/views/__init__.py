"""Pages of cases: their lists, one case, and each of its forms."""
