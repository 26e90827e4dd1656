"""Certificates and keys from files, S3, Secrets Manager and AWS KMS."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from moto.kms.utils import ECDSAPrivateKey

from herald.aws.signing_material import file_signer
from herald.clock import utc_now
from herald.disclosure.file_claims import read_claim
from herald.disclosure.team_certificate import make_team_certificate
from herald.errors import BrokenInstallation, InvalidSettings
from tests.support.signed_files import CLONED, certificate, unsigned_file
from tests.unit.aws.conftest import BUCKET


def state_of(signer, authority):
    file = signer.sign(unsigned_file("mp3"), [CLONED])
    return read_claim(file, authorities=authority.decode()).state


@pytest.fixture
def folder(tmp_path):
    """A folder with a chain, and with a key as soon as it is called with one."""

    def write(key=None, chain=None):
        (tmp_path / "chain.pem").write_bytes(chain or certificate().chain)
        if key is not None:
            (tmp_path / "key.pem").write_bytes(key)
        return str(tmp_path)

    return write


@pytest.fixture
def kms_of_digests(monkeypatch):
    """Moto's KMS, which signs a digest as if it was the message (moto.kms.models, KmsBackend.sign)."""

    def sign(self, message, _algorithm):
        return self.private_key.sign(message, ec.ECDSA(Prehashed(SHA256())))

    monkeypatch.setattr(ECDSAPrivateKey, "sign", sign)


def test_a_key_in_a_folder(aws, folder):
    assert state_of(file_signer(aws, folder(certificate().key)), certificate().authority) == "trusted"


def test_a_key_that_never_leaves_kms(aws, kms_of_digests, folder):
    key = aws.kms.create_key(KeyUsage="SIGN_VERIFY", KeySpec="ECC_NIST_P256")["KeyMetadata"]["Arn"]
    public = aws.kms.get_public_key(KeyId=key)["PublicKey"]
    made = make_team_certificate("Example Team", now=utc_now(), public_key=public)
    assert made.key is None
    signer = file_signer(aws, folder(f"{key}\n".encode(), made.chain))
    assert state_of(signer, made.authority) == "trusted"


def test_a_refusal_of_kms_is_an_error(aws, folder):
    signer = file_signer(aws, folder(b"arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000"))
    with pytest.raises(BrokenInstallation, match="KMS: Sign was rejected"):
        signer.sign(unsigned_file("mp3"), [CLONED])


def test_a_key_in_secrets_manager(aws, folder):
    secret = aws.secrets.create_secret(Name="herald-disclosure", SecretString=certificate().key.decode())["ARN"]
    assert state_of(file_signer(aws, folder(secret.encode())), certificate().authority) == "trusted"


@pytest.mark.parametrize("prefix", ["", "/models/disclosure", "/models/disclosure/"])
def test_a_folder_in_s3(aws, s3, prefix):
    for name, content in (("chain.pem", certificate().chain), ("key.pem", certificate().key)):
        s3.put_object(Bucket=BUCKET, Key=f"{prefix.strip('/')}/{name}".lstrip("/"), Body=content)
    assert state_of(file_signer(aws, f"s3://{BUCKET}{prefix}"), certificate().authority) == "trusted"


def test_without_a_certificate_nothing_is_signed(aws, s3, tmp_path):
    assert file_signer(aws, str(tmp_path)) is None
    assert file_signer(aws, f"s3://{BUCKET}/models/disclosure") is None


def test_a_refused_folder_in_s3_is_an_error(aws, s3, fail):
    fail(s3, "GetObject", "AccessDenied", 403)
    with pytest.raises(BrokenInstallation, match="S3: GetObject was rejected"):
        file_signer(aws, f"s3://{BUCKET}/models/disclosure")


def test_a_certificate_without_its_key_is_an_error(aws, folder):
    with pytest.raises(InvalidSettings, match=r"has chain\.pem, but no key\.pem"):
        file_signer(aws, folder())


def test_an_unreadable_folder_is_an_error(aws, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(InvalidSettings, match="cannot be read"):
        file_signer(aws, str(tmp_path / "file"))
