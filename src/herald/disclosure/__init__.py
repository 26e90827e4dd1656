"""Add signed C2PA manifests to files, which state that their speech is synthetic, and read what files state."""
