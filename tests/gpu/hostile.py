"""Requests that must be rejected: a line or fields of the request, the error code, and the invalid field."""

HELLO = {"text": "Hello.", "voice": "en_US-joe-medium"}


def line(**changes):
    return {"lines": [HELLO, HELLO | changes]}


REFUSED = {
    "empty": (line(text=""), "nothing_to_speak", "lines.1.text"),
    "spaces": (line(text=" \n\t "), "nothing_to_speak", "lines.1.text"),
    "only marks": (line(text="\u0301\u0302 …!?"), "nothing_to_speak", "lines.1.text"),
    "NUL": (line(text="a\x00b"), "invalid_text", "lines.1.text"),
    "noncharacter": (line(text="a\ufffeb"), "invalid_text", "lines.1.text"),
    "lone surrogate": (line(text="a\ud800b"), "invalid_text", "lines.1.text"),
    "ssml": (line(text="<speak>Hello</speak>"), "ssml_not_supported", "lines.1.text"),
    "unknown voice": (line(voice="nobody"), "unknown_voice", "lines.1.voice"),
    "path": (line(voice="../kokoro"), "unknown_voice", "lines.1.voice"),
    "dots": (line(voice=".."), "unknown_voice", "lines.1.voice"),
    "absolute path": (line(voice="/etc/passwd"), "unknown_voice", "lines.1.voice"),
    "encoded path": (line(voice="%2e%2e%2fkokoro"), "unknown_voice", "lines.1.voice"),
    "line break in a voice": (line(voice="kokoro\r\nX: y"), "unknown_voice", "lines.1.voice"),
    "unknown speaker": (line(voice="kokoro:nobody"), "unknown_speaker", "lines.1.voice"),
    "one unknown of two": (line(voice="kokoro:jf_alpha+nobody"), "unknown_speaker", "lines.1.voice"),
    "weight 0": (line(voice="kokoro:jf_alpha(0)"), "unknown_speaker", "lines.1.voice"),
    "negative weight": (line(voice="kokoro:jf_alpha(-1)+jm_kumo"), "unknown_speaker", "lines.1.voice"),
    "weight is no number": (line(voice="kokoro:jf_alpha(nan)"), "unknown_speaker", "lines.1.voice"),
    "torn mix": (line(voice="kokoro:jf_alpha(2"), "unknown_speaker", "lines.1.voice"),
    "mix of nothing": (line(voice="kokoro:+"), "unknown_speaker", "lines.1.voice"),
    "speaker of a single voice": (line(voice="en_US-joe-medium:joe"), "unknown_speaker", "lines.1.voice"),
    "another language": (line(language="de-DE"), "unsupported_language", "lines.1.language"),
    "another language of kokoro": (line(voice="kokoro", language="zh"), "unsupported_language", "lines.1.language"),
    "language is no language": (line(language="x"), "invalid_request", "lines.1.language"),
    "slower than kokoro": (line(voice="kokoro") | {"speed": 0.25}, "invalid_request", "speed"),
    "speed 0": ({"speed": 0}, "invalid_request", "speed"),
    "unknown format": ({"response_format": "exe"}, "unsupported_format", "response_format"),
    "aac": ({"response_format": "aac"}, "unsupported_format", "response_format"),
    "unknown rate": ({"sample_rate": 7}, "unsupported_sample_rate", "sample_rate"),
    "rate of u-law": ({"response_format": "ulaw", "sample_rate": 16_000}, "unsupported_sample_rate", "sample_rate"),
    "no lines": ({"lines": []}, "invalid_request", "lines"),
    "lines are a text": ({"lines": "Hello"}, "invalid_request", "lines"),
    "10,001 lines": ({"lines": [HELLO] * 10_001}, "invalid_request", "lines"),
    "unknown field": ({"tenant": "me"}, "unknown_field", None),
    "another version": ({"version": 2}, "invalid_request", "version"),
    "job is a path": ({"job": "../../x"}, "invalid_request", "job"),
    "a megabyte": (line(text="Hello. " * 200_000), "body_too_large", None),
    "an invalid sequence of kana": (line(text="ーぇ。", voice="kokoro"), "invalid_text", "lines.1.text"),
}

BODIES = {
    "nothing": b"",
    "an array": b"[]",
    "not UTF-8": b"\xff\xfe{\x00}\x00",
    "a byte order mark": b"\xef\xbb\xbf{}",
    "deep": b"[" * 100_000,
    "a key twice": b'{"job": "a", "job": "b"}',
    "NaN": b'{"speed": NaN}',
    "compressed": b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
    "torn": b'{"job": "a", "lines": [{"text": "Hel',
}

SPOKEN = {
    "a Japanese word without an end": {"text": "あ" * 50, "voice": "kokoro"},
    "digits of every script": {"text": "०१२ ❷ ⓼ ² ４５", "voice": "kokoro", "language": "ja"},
    "right to left": {"text": "Hello \u202eolleh\u202c.", "voice": "kokoro"},
    "zero width": {"text": "He\u200bllo\u200d.", "voice": "kokoro"},
    "emoji": {"text": "Hello 👩‍👩‍👧‍👦!", "voice": "kokoro"},
    "dots in a word": {"text": "a." * 35, "voice": "kokoro"},
    "an ellipsis between words": {"text": "Well... yes… no", "voice": "kokoro"},
    "rare characters": {"text": "𠮷野家と鑈", "voice": "kokoro"},
    "weights of many digits": {"text": "Hello.", "voice": "kokoro:jf_alpha(0.001)+jm_kumo(999.999)"},
}
"""Unusual texts that must be accepted."""
