"""``/v1/tagged`` and the page ``/tag``: a bookmark sends a picture of a web page with a tag to a table."""
