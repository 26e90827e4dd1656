"""What a preview shows for voices that only some deployments have."""

from herald.batches.batch_preview import Previewer, PreviewRequest
from herald.jobs.job_price import PriceList
from herald.jobs.resolve import Resolver
from tests.support.batch_samples import POLICY
from tests.support.voice_catalog import NAMES, VOICES, voice


def test_a_voice_whose_language_herald_does_not_read_has_examples_without_a_spoken_form():
    voices = VOICES | {"nl_NL-mls-medium": voice("nl_NL-mls-medium", "nl_NL")}
    resolver = Resolver(names=NAMES, voices=voices, policy=POLICY)
    previewer = Previewer(resolver=resolver, max_characters=1_000, max_concurrency=40, prices=PriceList())
    sample = "name,voice\nAda,nl_NL-mls-medium\nAbe,en_GB-alan-low\n"
    shown = previewer.preview(PreviewRequest(template="Hallo {name}, 3.", sample=sample), tenant="acme")
    assert (shown.error, shown.errors) == (None, [])
    assert [(one.item.text, one.spoken) for one in shown.examples] == [
        ("Hallo Ada, 3.", None),
        ("Hallo Abe, 3.", "Hallo Abe, three."),
    ]
