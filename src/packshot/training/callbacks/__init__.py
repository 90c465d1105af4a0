"""What happens at the end of every epoch: history, curves, progress pictures, a stop that was asked for."""
