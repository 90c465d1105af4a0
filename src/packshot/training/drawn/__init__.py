"""What tasks share that learn from drawn pictures and answer a question by yes or no: `frame` and `overlay`."""
