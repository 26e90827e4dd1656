"""Voices that compute a spectrum for each frame of 12.5 ms, and the samples from it: the voices of hibari-tts."""
