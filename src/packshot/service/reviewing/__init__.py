"""``/v1/reviews``: the queue, decisions, undo and strokes of `packshot.review`, over HTTP."""
