"""What is right, what changed, what adds up. Pure."""
