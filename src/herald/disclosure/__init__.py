"""State in files that their speech is synthetic, signed as C2PA manifests, and read what files state."""
