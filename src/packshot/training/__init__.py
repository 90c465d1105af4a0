"""Training: the only torch importer, extra ``packshot[train]``."""
