"""Programs of the build and of development; none is part of the package."""
