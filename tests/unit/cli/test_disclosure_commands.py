"""herald verify and herald disclosure."""

import json
import stat
import sys

import numpy as np
import pytest
import soundfile
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from herald.cli import main
from herald.disclosure.file_claims import library
from herald.speech.audio.formats import SYNTHETIC
from tests.support.signed_files import CLONED, certificate, signed_file, unsigned_file


@pytest.fixture
def files(tmp_path):
    """A signed, a changed and an unsigned file, and the authority."""
    content = {
        "signed.mp3": signed_file("mp3"),
        "changed.wav": signed_file("wav")[:1_000] + b"\1" + signed_file("wav")[1_001:],
        "plain.opus": unsigned_file("opus"),
        "authority.pem": certificate().authority,
    }
    for name, data in content.items():
        (tmp_path / name).write_bytes(data)
    return {name: str(tmp_path / name) for name in content}


def test_a_signed_file_is_status_0(files, capsys):
    assert main(["verify", files["signed.mp3"], "--trust", files["authority.pem"]]) == 0
    printed = capsys.readouterr().out
    assert "signed.mp3: trusted: unchanged since Herald of Example Team signed it" in printed
    assert "states: synthetic speech, made by Herald 0." in printed
    assert f"voices: cloned voice {CLONED.id}" in printed


def test_a_signer_of_an_unknown_authority_is_named_as_unchecked(files, capsys):
    assert main(["verify", files["signed.mp3"]]) == 0
    assert "name not checked" in capsys.readouterr().out


@pytest.mark.parametrize(("name", "state"), [("changed.wav", "invalid"), ("plain.opus", "marked")])
def test_a_file_without_proof_is_status_3(files, name, state, capsys):
    assert main(["verify", files["signed.mp3"], files[name], "--json"]) == 3
    proven, unproven = json.loads(capsys.readouterr().out)
    assert (proven["proven"], unproven["proven"], unproven["state"]) == (True, False, state)


def test_a_file_cannot_print_lines_of_its_own(tmp_path, capsys):
    path = str(tmp_path / "forged.wav")
    with soundfile.SoundFile(path, "w", samplerate=8_000, channels=1) as file:
        file.comment = "x\nother.wav: trusted: unchanged since Herald signed it\x1b[2A"
        file.write(np.zeros(800))
    assert main(["verify", path]) == 3
    assert capsys.readouterr().out.splitlines() == [
        f"{path}: unmarked: the file states nothing about its origin",
        "  comment: x\\nother.wav: trusted: unchanged since Herald signed it\\x1b[2A",
    ]


def test_a_file_that_states_nothing_is_told_from_one_that_does(files, tmp_path, capsys):
    foreign = str(tmp_path / "foreign.wav")
    soundfile.write(foreign, np.zeros(8_000), 8_000)
    assert main(["verify", foreign, files["plain.opus"], files["changed.wav"]]) == 3
    printed = capsys.readouterr().out.splitlines()
    assert printed[:3] == [
        f"{foreign}: unmarked: the file states nothing about its origin",
        f"{files['plain.opus']}: marked: a comment states that the speech is synthetic, without a signature",
        f"  comment: {SYNTHETIC}",
    ]
    assert printed[3] == f"{files['changed.wav']}: invalid: changed since it was signed, or the signature is faulty"
    assert printed[-1] == "  problems: assertion.dataHash.mismatch"


def test_a_missing_package_is_named(files, monkeypatch, capsys):
    library.cache_clear()
    monkeypatch.setitem(sys.modules, "c2pa", None)
    assert main(["verify", files["signed.mp3"]]) == 1
    assert ".tools/uv/bin/uv pip install --python .venv -e '.[disclosure]'" in capsys.readouterr().err
    library.cache_clear()


def test_a_team_makes_a_certificate_and_signs_a_file(files, tmp_path, capsys):
    folder, signed = tmp_path / "team", tmp_path / "own.mp3"
    (tmp_path / "plain.mp3").write_bytes(unsigned_file("mp3"))
    assert main(["disclosure", "certificate", "Other Team", "-o", str(folder)]) == 0
    assert stat.S_IMODE((folder / "key.pem").stat().st_mode) == 0o600
    sign = ["disclosure", "sign", str(tmp_path / "plain.mp3"), "-o", str(signed)]
    keys = ["--chain", str(folder / "chain.pem"), "--key", str(folder / "key.pem")]
    assert main([*sign, *keys]) == 0
    assert main(["verify", str(signed), "--trust", str(folder / "authority.pem")]) == 0
    assert "voices: stock voice" in capsys.readouterr().out
    assert main(["verify", str(signed), "--trust", files["authority.pem"]]) == 3


def test_the_certificate_of_a_key_held_elsewhere_has_no_key(tmp_path, capsys):
    """AWS KMS, for example, never gives its private key."""
    held = ec.generate_private_key(ec.SECP256R1())
    public = held.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "public.pem").write_bytes(public)
    (tmp_path / "held.pem").write_bytes(held.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    team = tmp_path / "team"
    assert main(["disclosure", "certificate", "Team", "-o", str(team), "--public-key", f"{tmp_path}/public.pem"]) == 0
    assert capsys.readouterr().out == f"{team}/authority.pem\n{team}/chain.pem\n"
    assert sorted(path.name for path in team.iterdir()) == ["authority.pem", "chain.pem"]
    plain, signed = tmp_path / "plain.mp3", tmp_path / "signed.mp3"
    plain.write_bytes(unsigned_file("mp3"))
    keys = ["--chain", str(team / "chain.pem"), "--key", str(tmp_path / "held.pem")]
    assert main(["disclosure", "sign", str(plain), "-o", str(signed), *keys]) == 0
    assert main(["verify", str(signed), "--trust", str(team / "authority.pem")]) == 0


def test_a_certificate_is_not_overwritten(tmp_path, capsys):
    assert main(["disclosure", "certificate", "Team", "-o", str(tmp_path)]) == 0
    key = (tmp_path / "key.pem").read_bytes()
    assert main(["disclosure", "certificate", "Team", "-o", str(tmp_path)]) == 1
    assert "already has authority.pem, chain.pem, key.pem" in capsys.readouterr().err
    assert (tmp_path / "key.pem").read_bytes() == key


def test_a_format_without_manifests_is_refused(files, tmp_path, capsys):
    chain = files["authority.pem"]
    arguments = ["disclosure", "sign", files["plain.opus"], "-o", str(tmp_path / "x"), "--chain", chain, "--key", chain]
    assert main(arguments) == 1
    assert "only WAV, MP3 and FLAC" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"garbage", certificate().key])
def test_what_is_no_certificate_is_not_an_authority(files, tmp_path, content, capsys):
    (tmp_path / "trust.pem").write_bytes(content)
    assert main(["verify", files["signed.mp3"], "--trust", str(tmp_path / "trust.pem")]) == 1
    assert "has no certificate in PEM" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["", " ", "x" * 65])
def test_a_name_that_does_not_fit_into_a_certificate_is_refused(tmp_path, name, capsys):
    assert main(["disclosure", "certificate", name, "-o", str(tmp_path / "team")]) == 1
    assert "must have 1 to 64 characters" in capsys.readouterr().err
    assert not (tmp_path / "team").exists()
