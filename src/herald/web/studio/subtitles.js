// Subtitles from the times of words: lines of up to 42 characters that also end where a sentence does.
const LINE = 42;

function cues(text, marks) {
  const found = [];
  let current = null;
  marks.forEach((mark, index) => {
    const next = marks[index + 1];
    const end = next ? next.text_start : text.length;
    if (current && mark.text_end - current.from > LINE) current = null;
    if (!current) found.push((current = { from: mark.text_start, start: mark.start }));
    current.end = mark.end;
    current.to = mark.text_end;
    const between = text.slice(mark.text_end, end);
    if (/[.!?…。！？\n]/.test(between)) {
      current.to = mark.text_end + between.trimEnd().length;
      current = null;
    }
  });
  return found.map((cue) => ({ ...cue, text: shownText(text.slice(cue.from, cue.to), text).replace(/\s+/g, " ").trim() }));
}

function clock(seconds, point) {
  const whole = Math.round(seconds * 1000);
  const two = (value) => String(value).padStart(2, "0");
  const parts = [Math.floor(whole / 3_600_000), Math.floor(whole / 60_000) % 60, Math.floor(whole / 1000) % 60];
  return `${parts.map(two).join(":")}${point}${String(whole % 1000).padStart(3, "0")}`;
}

function subtitles(kind, text, marks) {
  const point = kind === "srt" ? "," : ".";
  const blocks = cues(text, marks).map((cue, index) => {
    const shown = kind === "vtt" ? cue.text.replace(/&/g, "&amp;").replace(/</g, "&lt;") : cue.text.replace(/-->/g, "→");
    return `${kind === "srt" ? `${index + 1}\n` : ""}${clock(cue.start, point)} --> ${clock(cue.end, point)}\n${shown}\n`;
  });
  return (kind === "vtt" ? "WEBVTT\n\n" : "") + blocks.join("\n");
}
