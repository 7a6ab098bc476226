"""How personal values look to those who may not see them whole."""

import re


def mask_id(number: str) -> str:
    """First three and last two characters: 440***********12. Shorter than eight: all hidden."""
    return f"{number[:3]}{'*' * (len(number) - 5)}{number[-2:]}" if len(number) >= 8 else "*" * len(number)


def mask_phone(number: str) -> str:
    """The last four digits stay: *******0012."""
    digits = re.sub(r"\D", "", number)
    return f"{'*' * max(len(digits) - 4, 0)}{digits[-4:]}" if len(digits) > 4 else "*" * len(digits)


def mask_name(name: str) -> str:
    """The family name stays: 陈**. A compound family name keeps its first character only."""
    return f"{name[:1]}{'*' * (len(name) - 1)}"


def mask_address(address: str) -> str:
    """An exact address is hidden whole; that there is one shows."""
    return "******" if address else ""


# NUMBERS -------------------------------------------------------------------

LEAST_TOLD = 5  # people so few could be known by their number
FEW, WITHHELD = "＜5", "不公开"


def few(number: int) -> int | str:
    """A number of people about whom something secret is told: 0 to 4 are not told apart."""
    return FEW if number < LEAST_TOLD else number
