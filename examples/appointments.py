"""Generate a manifest of appointments, as CSV.

    python examples/appointments.py 5000 > people.csv

The matching template is examples/appointments.txt. The first of its four sentences contains one of 1,000 names, the
second one of 80 times; the others are the same for all. The same number of rows produces the same manifest.
"""

import argparse
import csv
import sys
from collections.abc import Iterator
from pathlib import Path

NAMES = (Path(__file__).parent / "first_names.txt").read_text(encoding="utf-8").split()
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
NOON = 12
TIMES = [
    f"{hour % NOON or NOON}:{half} {'AM' if hour < NOON else 'PM'}" for hour in range(9, 17) for half in ("00", "30")
]
STEP = 37
"""Coprime to 80, so that every slot is used, and a repeated name gets a different slot."""


def rows(count: int) -> Iterator[tuple[str, str, str, str]]:
    """Generate people with their appointments: id, first name, day and time."""
    for number in range(count):
        slot = (number + number // len(NAMES)) * STEP % (len(DAYS) * len(TIMES))
        yield f"p{number + 1:05d}", NAMES[number % len(NAMES)], DAYS[slot // len(TIMES)], TIMES[slot % len(TIMES)]


def main() -> None:
    """Write the manifest to standard output."""
    parser = argparse.ArgumentParser(description="Write a manifest of appointments, as CSV.")
    parser.add_argument("rows", type=int, help="number of people")
    count = parser.parse_args().rows
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("id", "first_name", "day", "time"))
    writer.writerows(rows(count))


if __name__ == "__main__":
    main()
