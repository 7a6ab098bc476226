"""Pages of upkeep: the system, for who runs it; the trail, for the auditor."""
