"""Forms of community projects: the project and its parts, the ledger, meetings, problems."""
