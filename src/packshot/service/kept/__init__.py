"""Photos that stay for a while, so that a person can correct, compose and describe them without sending them anew."""
