"""Every write about volunteers, by what it is about."""
