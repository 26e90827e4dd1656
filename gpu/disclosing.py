"""Sign the files of requests: those of tenants' custom voices, or all."""

from dataclasses import dataclass

from herald.disclosure.file_claims import STOCK_VOICE, DisclosedVoice, VoiceKind
from herald.disclosure.file_signer import FileSigner
from herald.enrolment.enrolment_messages import ENROLLED
from herald.jobs.gpu_script import GpuLine, GpuRequest, GpuResponse

_CLONING = "pocket"
"""The engine, and the method of an enrolment, whose voices are clones. Others mix stock voices."""


@dataclass(frozen=True, kw_only=True)
class Disclosure:
    """Signs files. Without a signer, no file is signed."""

    signer: FileSigner | None = None
    every_file: bool = False
    """Whether files of stock voices are signed too."""

    def stated(self, request: GpuRequest, response: GpuResponse) -> GpuResponse:
        """Return the response with its file signed, if it has to be. Raise the errors of FileSigner.signed."""
        voices = [_disclosed(line, request) for line in request.lines]
        if self.signer is None or not response.audio or not (self.every_file or any(voice.id for voice in voices)):
            return response
        file = self.signer.signed(response.audio, voices)
        return response.model_copy(update={"audio": file, "size": len(file)})


def _disclosed(line: GpuLine, request: GpuRequest) -> DisclosedVoice:
    """Return what is stated of the voice of a line."""
    if request.enrolment and line.voice == ENROLLED:
        return DisclosedVoice(kind=_kind(request.enrolment.method), id=request.enrolment.voice)
    if line.own_voice:
        return DisclosedVoice(kind=_kind(line.voice.partition(":")[0]), id=line.own_voice)
    return STOCK_VOICE


def _kind(source: str) -> VoiceKind:
    return "cloned" if source == _CLONING else "matched"
