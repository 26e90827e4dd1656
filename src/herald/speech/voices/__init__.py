"""Where voices are, and how they get there."""
