"""What in a text could tell who somebody is, and how it is said without. Pure: asks no database.

`checking.check` finds, `checking.replaced` replaces; `parts` has the words of both. Measured by bench/deidentify.py.
"""
