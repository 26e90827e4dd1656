"""The prices of other text-to-speech services, for comparison. All of them are defined in this module."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

POLLY: Final = "https://aws.amazon.com/polly/pricing/"
ELEVENLABS: Final = "https://elevenlabs.io/pricing/api"
OPENAI: Final = "https://platform.openai.com/docs/pricing"
READ_ON = date(2026, 11, 22)


@dataclass(frozen=True, kw_only=True)
class Service:
    """A service that charges by the character. Storage, requests and traffic are not included in its price."""

    name: str
    usd_per_million: Decimal
    """US dollars per million characters, without free tier or discount."""
    source: str

    def price(self, characters: int) -> Decimal:
        """Return the price of a number of characters in US dollars."""
        return self.usd_per_million * characters / 1_000_000


SERVICES: Mapping[str, Service] = {
    "polly_standard": Service(name="Polly, standard", usd_per_million=Decimal(4), source=POLLY),
    "polly_neural": Service(name="Polly, neural", usd_per_million=Decimal(16), source=POLLY),
    "polly_generative": Service(name="Polly, generative", usd_per_million=Decimal(30), source=POLLY),
    "polly_long_form": Service(name="Polly, long-form", usd_per_million=Decimal(100), source=POLLY),
    "elevenlabs_flash": Service(name="ElevenLabs, Flash", usd_per_million=Decimal(50), source=ELEVENLABS),
    "openai_tts": Service(name="OpenAI, tts-1", usd_per_million=Decimal(15), source=OPENAI),
    "openai_tts_hd": Service(name="OpenAI, tts-1-hd", usd_per_million=Decimal(30), source=OPENAI),
}
"""By stable name. The prices of ElevenLabs and OpenAI are from third parties, not verified on their own pages."""
