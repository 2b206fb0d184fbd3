"""Makes docs/vectors/*.json, by which a second implementation can check itself."""
