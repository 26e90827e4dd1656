"""The process of the embedded AWS, started by `local.process` with the Python of .tools/emulator."""

from local import patches


def main() -> None:
    """Mend the emulator, then serve until ended."""
    patches.apply()
    from ministack import app  # noqa: PLC0415  # it reads its environment on import, after it is mended

    app.main()


if __name__ == "__main__":
    main()
