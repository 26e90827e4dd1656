"""Whisper hears amounts, dates, telephone numbers and names as they should be said."""

import re

import soxr

from herald.speech import default_voice, spoken_form
from tests.quality.words import errors

MOST = 0.04
MESSAGES = """
Hello Anna, your appointment with Dr. Miller is on Friday, March 14 at 3:30pm.
Your balance is $1,234.56 and it is due on the 1st.
Call us at 555-0123 before 5 p.m. today.
Please call +1 (415) 555-2671 to reschedule your visit.
Your code is 482913. It expires in 10 minutes.
The parcel weighs 5kg and arrives in 10–12 minutes.
Save 10% today, and 25% on orders of $50 or more.
Your rent of $950 is due on April 1st, 2026.
The office is at 12 Oak St, Dallas, TX 75201.
Mr. Smith, your table for 4 is ready at 7:15 pm.
Flight 212 departs at 6:05 a.m. from gate B12.
Your card ending in 4821 was charged $9.99.
We are open Mon-Fri from 9 a.m. to 5 p.m.
It is 21°C outside, with winds of 15 mph.
Your order #3 is number 7 in the queue.
Prof. Brown and Mrs. Green will meet you on Tuesday.
The deal is worth $5.5M over 3 years.
Please arrive 15 min early and bring your ID.
Your type II diabetes review is on June 22nd.
The concert starts at 8 p.m. on July 4, 2026.
Chapter IV begins on page 19.
Press 1 for yes, or press 2 for no.
Your payment of $45 failed. Please try again by 12/15.
Add 1/2 cup of milk and 2 1/2 cups of flour.
The meeting moved from 9:30 to 10:45 on Thursday.
You have 3 new messages from Dr. Jones.
The water will be off between 8 a.m. and 12 p.m.
World War II ended in 1945.
Your bus leaves at 14:05 from platform No. 5.
Thank you for calling. Our support is open 24/7.
""".strip().splitlines()


def said(text):
    # Whisper writes what it hears as it likes: "$45", "3:30 PM", "Dr."
    return re.findall(r"[a-z]+", spoken_form(text).lower().replace("'", ""))


def notation(heard):
    """Return a transcript with times and codes written as usual: Whisper writes "9.30" and "482, 913" for them."""
    return re.sub(r"\b(\d{3}), (\d{3})\b", r"\1\2", re.sub(r"(?<![$\d])(\d{1,2})\.(\d{2})\b", r"\1:\2", heard))


def test_spoken_messages_are_heard_as_they_should_be_said(whisper, rates):
    joe = default_voice()
    wrong = total = 0
    for message in MESSAGES:
        audio = joe.synthesize(message)
        samples = soxr.resample(audio.samples, audio.sample_rate, 16_000)
        heard = " ".join(segment.text for segment in whisper.transcribe(samples, language="en", beam_size=5)[0])
        missed = errors(said(message), said(notation(heard)))
        wrong, total = wrong + missed, total + len(said(message))
        if missed:
            print(f"{missed} of {len(said(message))}: {message!r} was heard as {heard!r}")  # noqa: T201
    rates["reading"] = wrong / total
    assert len(MESSAGES) == 30
    assert wrong / total <= MOST
