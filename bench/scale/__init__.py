"""Simulation of the time and costs of batches too large to run here."""
