"""A manifest of appointments, as CSV.

    python examples/appointments.py 5000 > people.csv

Its template is examples/appointments.txt: four sentences, of which the first has one of 1,000 names, the second one of
80 times, and the others are the same for all. The same number of rows is the same manifest.
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
"""Has no factor in common with 80: every slot has its turn, and a name another one each time."""


def rows(count: int) -> Iterator[tuple[str, str, str, str]]:
    """As many people with their appointments."""
    for number in range(count):
        slot = (number + number // len(NAMES)) * STEP % (len(DAYS) * len(TIMES))
        yield f"p{number + 1:05d}", NAMES[number % len(NAMES)], DAYS[slot // len(TIMES)], TIMES[slot % len(TIMES)]


def main() -> None:
    """Write to standard output."""
    parser = argparse.ArgumentParser(description="Write a manifest of appointments, as CSV.")
    parser.add_argument("rows", type=int, help="how many people")
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("id", "first_name", "day", "time"))
    writer.writerows(rows(parser.parse_args().rows))


if __name__ == "__main__":
    main()
