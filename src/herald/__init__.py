"""Herald speaks messages: one now, or five thousand by noon."""

__version__ = "0.1.0"
