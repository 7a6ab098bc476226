"""Writes of groups: the group itself, its members, its sessions."""
