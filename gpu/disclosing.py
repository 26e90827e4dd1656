"""Sign the files of requests: those of tenants' custom voices, or all."""

from dataclasses import dataclass

from gpu.engines import CLONING_ENGINES
from herald.disclosure.file_claims import STOCK_VOICE, DisclosedVoice, VoiceKind
from herald.disclosure.file_signer import FileSigner
from herald.enrolment.enrolment_messages import ENROLLED
from herald.jobs.gpu_script import GpuLine, GpuRequest, GpuResponse


@dataclass(frozen=True, kw_only=True)
class Disclosure:
    """Signs files. Without a signer, no file is signed."""

    signer: FileSigner | None = None
    every_file: bool = False
    """Whether files of stock voices are signed too."""

    def sign(self, request: GpuRequest, response: GpuResponse) -> GpuResponse:
        """Return the response, with its file signed if required. Raise the errors of FileSigner.sign."""
        voices = [_disclosed_voice(line, request) for line in request.lines]
        if self.signer is None or not response.audio or not (self.every_file or any(voice.id for voice in voices)):
            return response
        file = self.signer.sign(response.audio, voices)
        return response.model_copy(update={"audio": file, "size": len(file)})


def _disclosed_voice(line: GpuLine, request: GpuRequest) -> DisclosedVoice:
    """Return what the manifest states about the voice of a line."""
    if request.enrolment and line.voice == ENROLLED:
        return DisclosedVoice(kind=_kind(request.enrolment.method), id=request.enrolment.voice)
    if line.own_voice:
        return DisclosedVoice(kind=_kind(line.voice.partition(":")[0]), id=line.own_voice)
    return STOCK_VOICE


def _kind(source: str) -> VoiceKind:
    """Return the kind of a custom voice, from its engine or the method of its enrolment."""
    return "cloned" if source in CLONING_ENGINES else "matched"
