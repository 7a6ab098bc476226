"""The demonstration city: synthetic people only, the same for the same seed.

``plan.make_plan`` makes the whole city as plain dataclasses, without Django;
``build`` hands that plan to the bulk actions of the rooms below, so that the city
comes into being by the same rules as records that people enter.
"""
