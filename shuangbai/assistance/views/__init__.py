"""Pages of policy assistance: matters, and what the city says of the policies."""
