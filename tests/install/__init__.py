"""The install guide, followed to the letter on one machine: `make try-install`."""
