"""What people say about the system itself, and what they are answered."""
