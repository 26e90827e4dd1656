"""Enrolment of a person's voice: consent, and the checks of two recordings. Independent of AWS."""
