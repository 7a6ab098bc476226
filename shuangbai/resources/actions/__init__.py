"""Writes: the directory, what reached whom, referrals."""
