"""``/v1/runs``: how far runs have come, and how ready they are for each channel."""
