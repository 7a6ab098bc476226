"""Writes about stories and prizes."""
