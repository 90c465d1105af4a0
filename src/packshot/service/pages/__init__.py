"""Pages for a browser: one shell around all of them, files from a list, a sign-in where keys are asked for."""
