"""Find, install and download voices."""
