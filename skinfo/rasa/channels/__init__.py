"""Ways in: each a class named in ``credentials.yml``."""
