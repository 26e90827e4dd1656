"""The user's AWS settings are ignored."""

from local.clients import DIRECT, session


def test_the_profile_and_proxy_of_the_user_are_ignored(monkeypatch, tmp_path):
    settings = tmp_path / "config"
    settings.write_text("[profile mine]\nregion = eu-north-1\nendpoint_url = http://127.0.0.1:1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(settings))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    for profile in ("mine", "nobodys"):
        monkeypatch.setenv("AWS_PROFILE", profile)
        client = session().client("s3", endpoint_url="http://127.0.0.1:2", config=DIRECT)
        assert (client.meta.region_name, client.meta.endpoint_url) == ("us-east-1", "http://127.0.0.1:2")
        assert client.meta.config.proxies == {}
