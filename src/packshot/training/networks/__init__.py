"""Plain torch modules; which of them a recipe can name stands in the task's `networks.py`."""
