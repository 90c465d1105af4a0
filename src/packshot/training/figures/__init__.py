"""Pictures of a training run, drawn with matplotlib onto files: no window, no global state."""
