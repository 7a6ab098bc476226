"""Faults and load, measured on this machine alone: `make reliability`. Figures in docs/reference/reliability.md."""
