"""Signed files are valid, and every change of them is noticed."""

import json
import subprocess
import time
from datetime import timedelta
from io import BytesIO

import c2pa
import numpy as np
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

from herald import __version__
from herald.clock import utc_now
from herald.disclosure.file_claims import STOCK_VOICE, manifest_type, offline_context, read_claim
from herald.disclosure.file_signer import FileSigner
from herald.disclosure.team_certificate import make_team_certificate
from herald.errors import InvalidInput, InvalidSettings, Unavailable
from herald.speech.audio.encoding import encode_stream
from herald.speech.audio.formats import FORMATS
from herald.speech.audio_chunk import AudioChunk
from tests.support.programs import need_decoder
from tests.support.signed_files import CLONED, RATE, SIGNABLE, certificate, signed_file, signer, unsigned_file

AUTHORITY = certificate().authority.decode()
OTHER_AUTHORITY = make_team_certificate("Other Team", now=utc_now()).authority.decode()


def public_key(private):
    return private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize("name", SIGNABLE)
def test_a_signed_file_states_its_origin(name):
    claim = read_claim(signed_file(name), authorities=AUTHORITY)
    assert (claim.state, claim.proven, claim.problems) == ("trusted", True, ())
    assert claim.signer == "Herald of Example Team"
    assert claim.generator == f"Herald {__version__}"
    assert claim.synthetic
    assert claim.voices == (CLONED,)


def test_without_an_authority_the_signer_is_unknown():
    claim = read_claim(signed_file("mp3"))
    assert (claim.state, claim.proven, claim.problems) == ("valid", True, ())


def test_a_certificate_of_another_authority_proves_nothing():
    claim = read_claim(signed_file("mp3"), authorities=OTHER_AUTHORITY)
    assert (claim.state, claim.proven) == ("untrusted", False)
    assert claim.problems == ("signingCredential.untrusted",)


@pytest.mark.parametrize("name", ["wav", "mp3", "flac"])
def test_the_library_itself_agrees(name):
    """With its default settings, of readers that know nothing of Herald: intact, by an unknown signer."""
    file = signed_file(name)
    with c2pa.Reader(manifest_type(file), BytesIO(file)) as reader:
        assert reader.get_validation_state() == "Valid"
        store = json.loads(reader.json())
    assert [found["code"] for found in store["validation_status"]] == ["signingCredential.untrusted"]
    (assertion,) = store["manifests"][store["active_manifest"]]["assertions"]
    (action,) = assertion["data"]["actions"]
    assert action["action"] == "c2pa.created"
    assert action["digitalSourceType"].endswith("/trainedAlgorithmicMedia")
    assert action["softwareAgent"] == {"name": "Herald", "version": __version__}


@pytest.mark.parametrize("name", SIGNABLE)
def test_a_changed_byte_is_noticed_or_changes_no_statement(name):
    """Within the manifest are random salts and padding, which no hash covers. Nothing else is left out."""
    file, plain = signed_file(name), unsigned_file(name)
    added = len(file) - len(plain)
    clean = read_claim(file, authorities=AUTHORITY)
    proven = []
    for at in range(0, len(file), max(1, len(file) // 250)):
        changed = bytearray(file)
        changed[at] ^= 0x41
        claim = read_claim(bytes(changed), authorities=AUTHORITY)
        if claim.proven:
            proven.append(at)
            assert claim == clean
    # The manifest is at the end of a WAV file, and in the tags at the beginning of the others.
    begin = len(file) - added if name.startswith("wav") else 0
    assert all(begin <= at < begin + added for at in proven), proven


@pytest.mark.parametrize("name", ["wav", "mp3", "flac"])
def test_audio_of_another_file_is_noticed(name):
    file, plain = signed_file(name), unsigned_file(name)
    longer = file + plain[-400:]
    assert not read_claim(longer, authorities=AUTHORITY).proven
    assert not read_claim(file[:-100], authorities=AUTHORITY).proven


@pytest.mark.parametrize("name", [*SIGNABLE, "opus"])
def test_an_unsigned_file_has_only_a_comment(name):
    claim = read_claim(unsigned_file(name), authorities=AUTHORITY)
    assert (claim.state, claim.synthetic, claim.proven) == ("marked", True, False)
    assert claim.comment == "Synthetic speech, AI-generated (Herald)"


@pytest.mark.parametrize(
    "file", [b"", b"x", b"RIFF", b"RIFF\0\0\0\0WAVE", b"fLaC", b"ID3", b"\xff", b"\xff\xfb", b"ID3" * 50]
)
def test_fragments_prove_nothing(file):
    assert not read_claim(file).proven


@pytest.mark.parametrize("name", sorted(set(FORMATS) - set(SIGNABLE)))
def test_other_formats_are_returned_unchanged(name):
    assert signer().sign(unsigned_file(name), [CLONED]) == unsigned_file(name)


PLAYERS = {
    "ffmpeg": ["ffmpeg", "-v", "warning", "-guess_layout_max", "0", "-i", "{}", "-f", "s16le", "-"],
    "sox": ["sox", "-V2", "{}", "-t", "raw", "-e", "signed-integer", "-b", "16", "-"],
    "mpg123": ["mpg123", "--quiet", "--stdout", "{}"],
}
PLAYABLE = [("ffmpeg", name) for name in SIGNABLE] + [("sox", name) for name in SIGNABLE if name != "mp3"]


@pytest.mark.parametrize(("program", "name"), [*PLAYABLE, ("mpg123", "mp3")])
def test_players_play_the_same_audio_without_a_warning(program, name, tmp_path):
    need_decoder(program, name)
    played = []
    for file in (signed_file(name), unsigned_file(name)):
        path = tmp_path / f"file.{name.partition('_')[0]}"
        path.write_bytes(file)
        command = [part.replace("{}", str(path)) for part in PLAYERS[program]]
        played.append(subprocess.run(command, capture_output=True, timeout=30, check=True))
    assert played[0].stdout == played[1].stdout
    assert played[0].stderr == played[1].stderr
    assert len(played[0].stdout) >= 2 * RATE


@pytest.mark.parametrize("name", ["wav", "mp3", "flac"])
def test_a_manifest_adds_less_than_four_kilobytes(name):
    assert 2_000 < len(signed_file(name)) - len(unsigned_file(name)) < 4_000


def test_two_signatures_of_a_file_differ_only_in_the_manifest():
    first, second = signed_file("wav"), signer().sign(unsigned_file("wav"), [CLONED])
    audio = slice(12, len(unsigned_file("wav")))
    assert first != second
    assert first[audio] == second[audio] == unsigned_file("wav")[audio]


@pytest.mark.parametrize("name", [*SIGNABLE, "opus"])
def test_a_stream_has_the_same_comment(name):
    """Its length is unknown: libsndfile does not open such a FLAC file."""
    chunk = AudioChunk(np.full(RATE, 0.1, np.float32), RATE)
    assert read_claim(b"".join(encode_stream([chunk], name))).state == "marked"


@pytest.mark.parametrize("kept", [*range(4, 60), 100])
def test_a_cut_flac_file_has_its_comment_or_none(kept):
    claim = read_claim(unsigned_file("flac")[:kept])
    assert claim.comment is None or "Synthetic".startswith(claim.comment[:9])


@pytest.mark.parametrize("name", ["pcm", "ulaw", "alaw"])
def test_raw_audio_has_no_place_for_a_comment(name):
    assert read_claim(unsigned_file(name)).state == "unmarked"


def test_a_signature_keeps_the_comment():
    assert {read_claim(signed_file(name)).comment for name in SIGNABLE} == {"Synthetic speech, AI-generated (Herald)"}


def test_a_voice_is_listed_once():
    file = signer().sign(unsigned_file("wav"), [STOCK_VOICE, CLONED, STOCK_VOICE])
    assert read_claim(file).voices == (STOCK_VOICE, CLONED)


@pytest.mark.parametrize("begins_in", [timedelta(days=-3_651), timedelta(days=1)])
def test_a_certificate_signs_only_while_it_is_valid(begins_in):
    made = make_team_certificate("Example Team", now=utc_now() + begins_in)
    with pytest.raises(InvalidSettings, match="is valid from"):
        FileSigner.with_key(made.chain, made.key).sign(unsigned_file("wav"), [CLONED])


def test_files_of_an_expired_certificate_are_not_valid():
    """They have no time stamp of an authority, so that a reader cannot tell when they were signed."""
    made = make_team_certificate("Example Team", now=utc_now(), lifetime=timedelta(seconds=2))
    authority = made.authority.decode()
    file = FileSigner.with_key(made.chain, made.key).sign(unsigned_file("wav"), [CLONED])
    assert read_claim(file, authorities=authority).proven
    time.sleep(3)
    assert not read_claim(file, authorities=authority).proven


def test_spaces_around_the_name_of_an_organization_are_omitted():
    chain = make_team_certificate("  Example Team " + 64 * " ", now=utc_now()).chain
    (name,) = x509.load_pem_x509_certificate(chain).subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    assert name.value == "Example Team"


def test_a_key_of_another_certificate_is_refused():
    other = make_team_certificate("Other Team", now=utc_now())
    with pytest.raises(InvalidSettings, match="does not belong"):
        FileSigner.with_key(certificate().chain, other.key)


@pytest.mark.parametrize(("chain", "key"), [(b"", None), (b"no certificate", None), (None, b"no key"), (None, b"")])
def test_what_is_not_pem_is_refused(chain, key):
    with pytest.raises(InvalidSettings):
        FileSigner.with_key(certificate().chain if chain is None else chain, certificate().key if key is None else key)


def test_an_error_of_the_signing_service_is_raised():
    def fail(_data):
        raise Unavailable("KMS: Sign failed temporarily.")

    with pytest.raises(Unavailable, match="KMS: Sign failed temporarily"):
        FileSigner.with_callback(certificate().chain, fail).sign(unsigned_file("mp3"), [CLONED])


def test_a_signature_of_another_key_is_invalid():
    key = ec.generate_private_key(ec.SECP256R1())
    forger = FileSigner.with_callback(certificate().chain, lambda data: key.sign(data, ec.ECDSA(SHA256())))
    claim = read_claim(forger.sign(unsigned_file("mp3"), [CLONED]), authorities=AUTHORITY)
    assert claim.state == "invalid"
    assert "claimSignature.mismatch" in claim.problems


def test_the_manifest_has_no_personal_data():
    """The id of the voice and the names in the certificate are the only statements that differ between files."""
    with c2pa.Reader("audio/mpeg", BytesIO(signed_file("mp3")), context=offline_context()) as reader:
        manifest = reader.get_active_manifest()
    assert set(manifest) <= {
        "claim_generator_info", "instance_id", "assertions", "signature_info", "label", "claim_version"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (b"-----BEGIN PUBLIC KEY-----", "neither PEM nor DER"),
        (b"no key", "neither PEM nor DER"),
        (public_key(ec.generate_private_key(ec.SECP384R1())), "must be on the curve P-256"),
        (public_key(rsa.generate_private_key(public_exponent=65_537, key_size=2_048)), "must be on the curve P-256"),
    ],
    ids=["PEM without content", "no key", "P-384", "RSA"],
)
def test_a_certificate_is_made_only_for_a_key_that_can_sign_files(key, message):
    with pytest.raises(InvalidInput, match=message):
        make_team_certificate("Example Team", now=utc_now(), public_key=key)


def test_a_certificate_for_a_key_of_another_kind_is_refused():
    private = ec.generate_private_key(ec.SECP384R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Example Team")])
    made = x509.CertificateBuilder(name, name, private.public_key(), 1, utc_now(), utc_now() + timedelta(days=1)).sign(
        private, SHA256()
    )
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(InvalidSettings, match="must have a key on P-256"):
        FileSigner.with_key(made.public_bytes(Encoding.PEM), pem)
