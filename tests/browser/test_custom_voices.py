"""Making a voice of one's own: recorded in the page, checked, compared, spoken and deleted."""

import io

import numpy as np
import pytest
import soundfile
from playwright.sync_api import expect

from tests.browser.conftest import PHONE
from tests.browser.test_snippets import COMMANDS, NEEDED, copied, run
from tests.support.enrolling import MIX, Enrolling
from tests.support.moto_cloud import BUCKET
from tests.support.programs import need_version

HOSTILE = 'Hello, it\'s "quoted", `id` $(id) $HOME \\n % ünïcode.'
NAME = "Ann <img src=x onerror=alert(1)>"
# One evaluation that waits: `wait_for_function` polls by `eval`, which the page's content security policy refuses.
PLAYED = """audio => new Promise((played, failed) => {
    audio.addEventListener("timeupdate", () => audio.currentTime > 0 && played());
    audio.play().catch(failed);
})"""
DECODES_SLOWLY = """() => {
    const decode = OfflineAudioContext.prototype.decodeAudioData;
    OfflineAudioContext.prototype.decodeAudioData = async function (content) {
        await new Promise((waited) => setTimeout(waited, 500));
        return decode.call(this, content);
    };
}"""
ASKS_SLOWLY = """(() => {
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    window.tracks = [];
    navigator.mediaDevices.getUserMedia = async (options) => {
        await new Promise((waited) => setTimeout(waited, 500));
        const microphone = await ask(options);
        window.tracks.push(...microphone.getTracks());
        return microphone;
    };
})()"""
RATE = 24_000


@pytest.fixture
def acme(gpu):
    return Enrolling(gpu)


def noise(seconds, *, rate=44_100, channels=2, level=0.2, kind="WAV"):
    """Return a file with a recording that is like no other."""
    samples = np.random.default_rng(int(seconds * 10)).uniform(-level, level, (int(seconds * rate), channels))
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format=kind)
    return {"name": f"recording.{kind.lower()}", "mimeType": "audio/x", "buffer": file.getvalue()}


def record(page, name, seconds):
    page.get_by_role("button", name=f"Record {name}", exact=True).click()
    page.get_by_text(f"Recording: 0:0{seconds}").wait_for()
    page.get_by_role("button", name=f"Stop recording {name}").click()
    page.get_by_role("button", name=f"Record {name} again").wait_for()


def choose(page, name, file):
    page.get_by_label(f"Or choose a file for {name}").set_input_files(file)
    page.get_by_role("button", name=f"Record {name} again").wait_for()


def stored(cloud, kind):
    """Return the recordings of consents or voices in the bucket: the samples of each, and its format."""
    listed = cloud.clients.s3.list_objects_v2(Bucket=BUCKET, Prefix=f"recordings/acme/{kind}_").get("Contents", [])
    files = [cloud.clients.s3.get_object(Bucket=BUCKET, Key=one["Key"])["Body"].read() for one in listed]
    return [(soundfile.read(io.BytesIO(file))[0], soundfile.info(io.BytesIO(file))) for file in files]


def test_from_the_microphone_to_a_job_in_the_voice(visit, site, acme):
    one = visit()
    one.reach_bucket(acme.cloud)
    page = one.open(site.url, "voices")
    page.get_by_role("link", name="Make a voice").click()
    page.get_by_label("Name").fill(NAME)
    expect(page.get_by_label("Method").get_by_role("option")).to_have_text(
        ["Matched: similar, mixed from stock speakers"]
    )
    assert len(page.locator("blockquote").inner_text().split()) > 10
    record(page, "the consent", 4)
    expect(page.get_by_role("button", name="Send the recordings")).to_be_disabled()
    record(page, "the sample", 5)
    one.shot("voice-new")
    one.accessible()
    page.get_by_role("button", name="Send the recordings").click()
    page.locator("[data-state=pending]").wait_for()
    for kind, least in (("cons", 4), ("voice", 5)):
        ((samples, facts),) = stored(acme.cloud, kind)
        assert (facts.samplerate, facts.channels, facts.subtype) == (RATE, 1, "PCM_16")
        assert least <= facts.duration < least + 3
        assert np.abs(samples).max() > 0.1
    (request,) = acme.submit()
    page.locator("[data-state=checking]").wait_for()
    acme.answer(request)
    page.locator("[data-state=ready]").wait_for()
    expect(page.locator("dl")).to_contain_text("0.81 of 1; 0.66 or more counts")
    expect(page.get_by_label("Play A: your sample")).to_be_visible()
    expect(page.get_by_label("Play B: the voice")).to_be_visible()
    page.get_by_label("Play A: your sample").evaluate(PLAYED)
    one.shot("voice-ready")
    one.accessible()
    page.get_by_role("link", name="Speak with it").click()
    expect(page.get_by_role("radio", name=NAME)).to_be_checked()
    page.get_by_label("Text").fill("Good morning.")
    page.get_by_role("button", name="Speak as a job").click()
    page.locator("[data-state=queued]").wait_for()
    (request,) = acme.submit()
    acme.answer(request)
    page.locator("[data-state=done]").wait_for()
    expect(page.locator(".play audio")).to_have_count(1)
    one.shot("voice-job")
    one.accessible()


def test_a_refused_recording_is_recorded_again_and_the_others_are_kept(visit, site, acme):
    one = visit(viewport=PHONE, is_mobile=True, color_scheme="dark")
    page = one.open(site.url, "voices/new")
    page.get_by_label("Name").fill("Ann")
    choose(page, "the consent", noise(4.2))
    choose(page, "the sample", noise(6.1, rate=48_000, channels=1, kind="FLAC"))
    one.shot("phone-voice-new")
    one.accessible()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.get_by_role("button", name="Send the recordings").click()
    page.locator("[data-state=pending]").wait_for()
    (request,) = acme.submit()
    acme.answer(request, refusals=["recording_noisy", "wrong_words"])
    refused = page.get_by_role("alert").filter(has_text="The recordings were refused")
    refused.wait_for()
    expect(refused.get_by_role("listitem")).to_have_text(
        ["consent: Record it again. recording_noisy", "consent: Record it again. wrong_words"]
    )
    one.shot("phone-voice-refused")
    one.accessible()
    page.get_by_role("link", name="Record again").click()
    expect(page.get_by_label("Name")).to_have_value("Ann")
    page.evaluate(DECODES_SLOWLY)
    page.get_by_label("Or choose a file for the consent").set_input_files(noise(4.9))
    expect(page.get_by_role("button", name="Send the recordings")).to_be_disabled()  # it would send the refused consent
    page.get_by_role("button", name="Record the consent again").wait_for()
    page.get_by_role("button", name="Send the recordings").click()
    page.locator("[data-state=pending]").wait_for()
    assert len(stored(acme.cloud, "cons")) == 2
    (request,) = acme.submit()
    acme.answer(request)
    page.locator("[data-state=ready]").wait_for()
    page.get_by_role("button", name="Delete the voice").click()
    page.get_by_text("This cannot be undone.").wait_for()
    page.get_by_role("button", name="Delete it now").click()
    page.get_by_role("link", name="Make a voice").wait_for()
    expect(page.get_by_role("row")).to_have_count(2)  # the head, and the voice that was refused
    assert len(stored(acme.cloud, "cons")) == 1


def test_a_recording_that_would_be_refused_is_reported_at_once(visit, site, acme):
    page = visit().open(site.url, "voices/new")
    choose(page, "the consent", noise(2, level=0.001))
    page.get_by_text("This is too short: at least 4 s are needed.").wait_for()
    page.get_by_text("This is very quiet.").wait_for()
    choose(page, "the consent", noise(31, rate=8_000, level=1))
    page.get_by_text("This is too long: at most 30 s are accepted.").wait_for()
    page.get_by_text("This is too loud").wait_for()
    text = {"name": "<b>list</b>.txt", "mimeType": "audio/wav", "buffer": b"no audio"}
    page.get_by_label("Or choose a file for the sample").set_input_files(text)
    page.get_by_role("alert").filter(has_text="<b>list</b>.txt is not audio").wait_for()


def test_recordings_are_forgotten_with_the_key(visit, site, acme):
    page = visit().open(site.url, "voices/new")
    page.get_by_label("Name").fill("Ann")
    choose(page, "the consent", noise(4.2))
    shown = page.locator("blockquote").inner_text()
    page.get_by_role("link", name="Account").click()
    page.get_by_role("button", name="Forget the key").click()
    page.get_by_label("API key").fill(site.key)
    page.get_by_role("button", name="Use this key").click()
    expect(page.locator("dl")).to_contain_text("acme")
    page.evaluate("location.hash = '#/voices/new'")
    page.locator("blockquote").wait_for()
    expect(page.get_by_label("Name")).to_have_value("")
    expect(page.get_by_role("button", name="Record the consent", exact=True)).to_be_visible()
    assert page.locator("blockquote").inner_text() != shown


def test_without_permission_the_page_says_what_to_do(visit, site, acme):
    one = visit()
    page = one.page
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('Denied', 'NotAllowedError'); }"
    )
    one.open(site.url, "voices/new")
    page.get_by_role("button", name="Record the consent").click()
    page.get_by_role("alert").filter(has_text="The browser does not allow the microphone.").wait_for()
    expect(page.get_by_role("button", name="Record the consent")).to_be_enabled()


def test_without_a_gpu_the_error_says_so_and_keeps_the_recordings(visit, site):
    one = visit(tolerated=("status of 400",))
    page = one.open(site.url, "voices/new")
    page.get_by_text("This deployment makes no voices, because it has no GPU.").wait_for()
    expect(page.get_by_label("Method")).to_have_count(0)
    page.get_by_label("Name").fill("Ann")
    choose(page, "the consent", noise(4.2))
    choose(page, "the sample", noise(6.1))
    page.get_by_role("button", name="Send the recordings").click()
    page.get_by_role("alert").filter(has_text="GpuImage").wait_for()
    expect(page.get_by_role("button", name="Send the recordings")).to_be_enabled()


def test_a_dialogue_has_lines_in_a_custom_voice(visit, site, acme):
    voice = acme.enrol(name=NAME)["id"]
    one = visit()
    page = one.open(site.url, f"speak/{voice}")
    page.get_by_label("Text").fill("Good morning.")
    page.get_by_role("button", name="Make it a dialogue").click()
    first, second = page.get_by_label("Voice", exact=True).all()
    expect(first.locator("option:checked")).to_have_text(f"{NAME} (your own)")
    stock = second.input_value()
    page.get_by_label("Text").nth(1).fill('Good "afternoon" & <evening>.')
    expect(page.get_by_role("button", name="Play line 1")).to_be_disabled()
    expect(page.get_by_role("button", name="Play line 2")).to_be_enabled()
    one.accessible()
    page.get_by_role("button", name="Speak as a job").click()
    page.locator("[data-state=queued]").wait_for()
    (request,) = acme.submit()
    assert [(line["text"], line["voice"]) for line in request["lines"]] == [
        ("Good morning.", MIX), ('Good "afternoon" & <evening>.', stock),
    ]  # fmt: skip
    first.select_option(stock)
    expect(page.get_by_role("button", name="Speak", exact=True)).to_be_enabled()


def test_a_campaign_is_sent_in_a_custom_voice(visit, site, acme):
    voice = acme.enrol(name=NAME)["id"]
    one = visit()
    one.reach_bucket(acme.cloud)
    page = one.open(site.url, "campaign")
    people = {"name": "people.csv", "mimeType": "text/csv", "buffer": b"id,name\np1,Ada\np2,Ben\n"}
    page.get_by_label("List").set_input_files(people)
    page.get_by_label("Text of each message").fill("Hello {name}.")
    page.get_by_label("Voice", exact=True).select_option(label=f"{NAME} (your own)")
    page.get_by_text("The messages use them.").wait_for()
    expect(page.get_by_role("button", name="Play the message for p1", exact=True)).to_be_disabled()
    expect(page.locator("dl")).to_contain_text("about US$")
    one.accessible()
    start = page.get_by_role("button", name="Start the campaign")
    expect(start).to_be_enabled()
    start.click()
    expect(page.locator("[data-state=planning]")).to_be_visible()
    sent = next(r.post_data_json for r in one.requests if r.method == "POST" and r.url.endswith("/v1/batches"))
    assert sent["voice"] == voice


def test_the_code_of_voices_and_of_a_job_runs_as_pasted(visit, site, acme, tmp_path):
    acme.sentence()
    voice = acme.create(acme.consent(name=NAME).json["id"], name=NAME).json["id"]
    (request,) = acme.submit()
    acme.answer(request)
    for view in ("voices", f"voices/{voice}", f"speak/{voice}"):
        page = visit().open(site.url, view)
        if view.startswith("speak"):
            page.get_by_label("Text").fill(HOSTILE)
        else:
            page.get_by_text(NAME).first.wait_for()
        shown = copied(page)
        assert set(shown) == {"curl", "Python", "JavaScript"}
        for name, code in shown.items():
            if name in NEEDED:
                need_version(*NEEDED[name])
            assert site.key not in code
            folder = tmp_path / view.replace("/", "-") / name
            folder.mkdir(parents=True)
            assert voice in run(code, COMMANDS[name], folder, site.key), (view, name)
    requests = acme.submit()
    assert [request["lines"][0]["text"] for request in requests] == [HOSTILE] * 3


def test_the_microphone_is_off_after_the_view_was_left_while_the_browser_asked(visit, site, acme):
    one = visit()
    one.page.add_init_script(ASKS_SLOWLY)
    page = one.open(site.url, "voices/new")
    page.get_by_role("button", name="Record the consent").click()
    page.get_by_role("link", name="All voices").click()
    page.wait_for_timeout(1000)
    assert page.evaluate("window.tracks.map((track) => track.readyState)") == ["ended"]


def test_a_double_click_stops_a_recording_once(visit, site, acme):
    page = visit().open(site.url, "voices/new")
    page.get_by_role("button", name="Record the consent").click()
    page.get_by_text("Recording: 0:01").wait_for()
    seen = "new MutationObserver(() => (window.seen ||= document.querySelector('[role=alert]')))"
    page.evaluate(f"{seen}.observe(document.body, {{ childList: true, subtree: true }})")
    page.get_by_role("button", name="Stop recording").evaluate("button => (button.click(), button.click())")
    page.get_by_role("button", name="Record the consent again").wait_for()
    assert page.evaluate("window.seen") is None
