"""Who is to be seen next, and why."""
