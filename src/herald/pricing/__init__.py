"""Prices of AWS, and the resources that work uses."""
