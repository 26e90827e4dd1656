"""Lambda entry points, one module per function, and the parts they share. herald.runtime has their base classes."""
