"""Forms of planned activities: the plan, signing up and saying how it was, the day itself."""
