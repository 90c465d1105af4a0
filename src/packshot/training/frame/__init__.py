"""Finding frames around pictures: recipes ``frame`` and ``frame-2016``."""
