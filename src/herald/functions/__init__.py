"""Lambda entry points, one module per function, and the parts they share. Powertools is used only here."""
