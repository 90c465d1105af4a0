"""remove.bg's API v1.0: its parameters, headers, errors and bodies, answered by packshot's stages."""
