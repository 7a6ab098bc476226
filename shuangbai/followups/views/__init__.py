"""Pages of follow-up: who is to be seen and why, a station for its head, tasks, and how a city grades."""
