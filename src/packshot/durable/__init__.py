"""Files that survive a kill: written whole, by one process at a time, or line by line onto the disk."""
