"""Every write about changing lives, by what it is about."""
