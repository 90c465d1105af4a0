"""Finding what was laid over a photo: text, logos, badges, watermarks. Recipe ``overlay``."""
