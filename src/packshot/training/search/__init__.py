"""A grid whose trainings are drawn from ranges of a recipe's keys: evenly, or from the scores of those before."""
