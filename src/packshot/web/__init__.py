"""Pages: templates, one set of colours, charts. No page needs a server or loads anything from elsewhere."""
