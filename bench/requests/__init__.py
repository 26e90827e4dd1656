"""How many requests a second the api function takes."""
