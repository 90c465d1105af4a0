"""``/v1/jobs``: many photos at once, in the background, kept on disk until they are deleted or their time is over."""
