"""Writes: matters, and what the city says of the policies."""
