"""Pages about changing lives, by what they are about."""
