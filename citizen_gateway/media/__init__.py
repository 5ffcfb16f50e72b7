"""Photos: checked by really decoding them, re-encoded without what the camera wrote about its owner, shrunk."""
