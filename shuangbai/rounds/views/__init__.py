"""Pages of lists of calls, of safety flags and of the week's plan: a module each."""
