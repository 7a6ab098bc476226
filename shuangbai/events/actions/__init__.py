"""Writes of planned activities: the plan, sign-ups, the day itself, what people say afterwards."""
