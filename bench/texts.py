"""The benchmark texts, written for Herald."""

_PAGE = """
The clinic on the corner opens at seven, an hour before the shops around it. By then the first patients already stand
in the hall, reading the notes on the board and comparing the weather with what the radio promised. Nobody is in a
hurry. The nurse at the desk knows most of them by name, and those she does not know she asks twice, because names are
what she forgets last.

Until the spring she made every call herself. In the evening, when the waiting room was empty, she went down the list
for the next day and rang one number after the other. Some people answered at once and wanted to talk. Others had
changed their number, or were asleep, or let it ring until the machine took over. Forty calls took her two hours, and
on a bad evening three. She did not mind the work, but she minded the list: by the time she reached the end of it, the
beginning was no longer true.

Now the list is read by a voice that never gets tired. It tells the time, the day and the name of the doctor, and it
asks for a single key: one to confirm, two to choose another hour. The old people liked it sooner than anyone had
expected. They could listen again without having to ask, and nobody sighed at the other end of the line. The young
ones hardly noticed; they pressed the key and went on with their evening.

What changed most was the morning. The nurse finds a sheet on her desk with the answers of the night, the free hours
marked in green, and the few names that really need a call. She makes those calls with a cup of coffee beside her, and
she takes her time. Last week she spoke for half an hour with a man who only wanted to know whether the bus still
stopped at the bridge. It did, and he came.

There were mistakes, of course. In the first month the voice read a street as a year, and a doctor with a short name
became a measure of length. Each of them was written down and mended, and a list of difficult words hangs beside the
board. Visitors add to it when they wait. A boy of nine found the best one so far, and was allowed to hear it spoken
before anyone else.

In the afternoon the hall is quiet again. The doctors write their letters, the floor has been swept, and the plants on
the window sill have had their water. A girl sits in the corner with a book and waits for her mother, who waits for a
prescription. The sun comes through the tall window and moves slowly over the floor. Somewhere a telephone rings twice
and stops, and a calm voice begins to speak.
"""

TEXTS = {
    "short": "Your appointment is confirmed.",
    "sentence": "The parcel that you ordered last Tuesday has left the warehouse this morning and will be delivered to "
    "your front door by one of our drivers before six tonight.",
    "four": "Good morning, this is the dental practice in Mill Street. Your next appointment with Doctor Brown is on "
    "Thursday at half past nine in the morning. Please bring your insurance card and the letter from the hospital. "
    "If you cannot come, call us before Wednesday evening and we will find another day.",
    "page": "\n\n".join(" ".join(part.split()) for part in _PAGE.strip().split("\n\n")),
}
