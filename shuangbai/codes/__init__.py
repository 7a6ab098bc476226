"""The city's dated lists (代码表): what their items are called, from when to when, and what each counts as."""
