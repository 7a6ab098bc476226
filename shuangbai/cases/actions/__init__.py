"""Writes about cases: opened and moved, worked on, ended and followed up, watched over, handed to another."""
