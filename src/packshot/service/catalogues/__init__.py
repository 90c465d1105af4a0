"""``/v1/search`` and ``/v1/catalogues``: `packshot.catalogue` over HTTP."""
