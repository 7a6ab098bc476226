"""The sweep: every address and every action as everybody, against literal tables.

To add an address, write one line in `tests/sweep/addresses.py`:

    family(household)               | GET  | +++ .. +. ... ..ss | ... .+ +. ... ..ss

The name stands first, with what its address takes in brackets: names of keys that every place has
(`Place.keys` in world.py), or a plain word. A query follows as `?family={household}`. Then the method (GET,
POST, or HTMX for a GET by htmx that answers differently) and what everybody gets, in the order of PEOPLE:

    worker colleague head | neighbour stranger | supervisor officer | sysadmin security auditor |
    ended nobody stopped out

first for what belongs to 城东, the station of the first three, then for what belongs to 东洲, the stranger's. An
address that takes nothing of a station's has one column. The signs are in SIGNS. A POST sends what FORMS says for its
name, valid for the place that it gets; where one address takes several things, `#reset` after it says which. Other
methods need no line: each must be refused, and HEAD answers like GET.

To add an action, write one line in `tests/sweep/acts.py` and its arguments in ARGUMENTS there; `#administrator` after
a name is a second line for other arguments.

What is asked of each answer besides: a foreign thing is exactly what a thing that does not exist is (status, page,
headers, number and shape of queries); no page shows a name, number, phone, address or sentence of a family to somebody
who may not see it; what happens at 城东 changes no page of somebody who does not see it.

`python -m tests.sweep` runs it and says how much it asked; with `--write` also docs/reference/sweep.md.
"""
