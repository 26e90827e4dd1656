"""The emulator's process, started by `local.process` with the Python of .tools/emulator."""

from local import patches


def main() -> None:
    """Patch the emulator, then serve until terminated."""
    patches.apply()
    from ministack import app  # noqa: PLC0415  import after patching; it reads its environment on import

    app.main()


if __name__ == "__main__":
    main()
