"""Composite pages: the day, one family on one page, one person, and finding anything. They own no tables."""
