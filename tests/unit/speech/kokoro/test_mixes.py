"""Names of mixes say all of a mix."""

import pytest

from herald.speech.kokoro.kokoro_speakers import mix_name, parse_mix


@pytest.mark.parametrize("speakers", ["af_heart", "af_heart(3)+am_adam(1)"])
@pytest.mark.parametrize("pitch", [1, 0.93, 1.25])
@pytest.mark.parametrize("tone", [(), (0,) * 36, tuple(range(-6, 6)) * 3])
def test_the_name_of_a_mix_is_read_as_the_mix(speakers, pitch, tone):
    mix = parse_mix(mix_name(speakers, pitch, tone))
    assert mix.shares == parse_mix(speakers).shares
    assert mix.pitch == pitch
    assert mix.tone == (tone if any(tone) else None)


def test_a_name_has_only_what_a_mix_changes():
    assert mix_name("af_heart", 1.0, (0,) * 36) == "af_heart"
    assert mix_name("af_heart", 0.93) == "af_heart@0.93"
