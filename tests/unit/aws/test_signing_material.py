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
    file = signer.signed(unsigned_file("mp3"), [CLONED])
    return read_claim(file, authorities=authority.decode()).state


@pytest.fixture
def kms_of_digests(monkeypatch):
    """Moto's KMS, which signs a digest as if it was the message (moto.kms.models, KmsBackend.sign)."""

    def sign(self, message, _algorithm):
        return self.private_key.sign(message, ec.ECDSA(Prehashed(SHA256())))

    monkeypatch.setattr(ECDSAPrivateKey, "sign", sign)


def test_a_key_that_never_leaves_kms(aws, kms_of_digests, tmp_path):
    key = aws.kms.create_key(KeyUsage="SIGN_VERIFY", KeySpec="ECC_NIST_P256")["KeyMetadata"]["Arn"]
    public = aws.kms.get_public_key(KeyId=key)["PublicKey"]
    made = make_team_certificate("Example Team", now=utc_now(), public_key=public)
    assert made.key is None
    (tmp_path / "chain.pem").write_bytes(made.chain)
    assert state_of(file_signer(aws, chain=str(tmp_path / "chain.pem"), key=key), made.authority) == "trusted"


def test_a_refusal_of_kms_is_an_error(aws, tmp_path):
    (tmp_path / "chain.pem").write_bytes(certificate().chain)
    signer = file_signer(
        aws,
        chain=str(tmp_path / "chain.pem"),
        key="arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000",
    )
    with pytest.raises(BrokenInstallation, match="KMS: Sign was rejected"):
        signer.signed(unsigned_file("mp3"), [CLONED])


def test_a_chain_in_s3_and_a_key_in_secrets_manager(aws, s3):
    s3.put_object(Bucket=BUCKET, Key="disclosure/chain.pem", Body=certificate().chain)
    secret = aws.secrets.create_secret(Name="signing", SecretString=certificate().key.decode())["ARN"]
    signer = file_signer(aws, chain=f"s3://{BUCKET}/disclosure/chain.pem", key=secret)
    assert state_of(signer, certificate().authority) == "trusted"


def test_a_missing_file_is_named(aws, tmp_path):
    with pytest.raises(InvalidSettings, match=r"missing\.pem"):
        file_signer(aws, chain=str(tmp_path / "missing.pem"), key="")
