"""Writes of community projects: the project and its steps, its ledger, meetings, problems."""
