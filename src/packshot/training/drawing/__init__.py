"""Pictures drawn around photos: products on their backgrounds, textures, words, and how a picture is delivered."""
