"""What is known of a family over the years."""
