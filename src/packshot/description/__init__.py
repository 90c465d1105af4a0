"""Description: what is in a photo, where, and how sure."""
