// The request on screen, as code. It reads the key from HERALD_KEY, so that no key is pasted into files or chats.
const shellQuoted = (text) => `'${text.replace(/'/g, `'\\''`)}'`;
const OWN = ["sample_rate", "text_format", "pause"]; // fields that OpenAI's client does not know

const SNIPPETS = {
  curl: (request, file) =>
    `curl -fsS ${shellQuoted(`${BASE}/v1/audio/speech`)} \\\n` +
    `  -H "Authorization: Bearer $HERALD_KEY" -H 'Content-Type: application/json' \\\n` +
    `  -d ${shellQuoted(JSON.stringify(request))} \\\n  --output ${file}`,
  Python: (request, file) => {
    const known = Object.entries(request).filter(([name]) => !OWN.includes(name));
    const extra = Object.fromEntries(Object.entries(request).filter(([name]) => OWN.includes(name)));
    const given = known.map(([name, value]) => `    ${name}=${JSON.stringify(value)},\n`).join("");
    const more = Object.keys(extra).length ? `    extra_body=${JSON.stringify(extra)},\n` : "";
    return (
      `import os\n\nfrom openai import OpenAI  # pip install openai\n\n` +
      `client = OpenAI(base_url=${JSON.stringify(`${BASE}/v1`)}, api_key=os.environ["HERALD_KEY"])\n` +
      `with client.audio.speech.with_streaming_response.create(\n    model="herald",\n${given}${more}) as response:\n` +
      `    response.stream_to_file(${JSON.stringify(file)})\n`
    );
  },
  JavaScript: (request, file) =>
    `import { writeFile } from "node:fs/promises";\n\n` +
    `const response = await fetch(${JSON.stringify(`${BASE}/v1/audio/speech`)}, {\n  method: "POST",\n` +
    `  headers: { Authorization: \`Bearer \${process.env.HERALD_KEY}\`, "Content-Type": "application/json" },\n` +
    `  body: JSON.stringify(${JSON.stringify(request, null, 2).replace(/\n/g, "\n  ")}),\n});\n` +
    `if (!response.ok) throw new Error(await response.text());\n` +
    `await writeFile(${JSON.stringify(file)}, Buffer.from(await response.arrayBuffer()));\n`,
};

const EXTENSIONS = { wav_ulaw: "wav", wav_alaw: "wav", opus: "ogg" };
const fileName = (format) => `speech.${EXTENSIONS[format] || format}`;

// The request of a campaign, as code.
function batchSnippets(batch, name) {
  const file = shellQuoted(name);
  const options = [...(batch.template ? [`--template ${shellQuoted(batch.template)}`] : []), `--name ${shellQuoted(batch.name)}`, `--voice ${shellQuoted(batch.voice)}`, `--format ${batch.response_format}`];
  if (batch.deadline) options.push(`--deadline ${batch.deadline}`);
  if (batch.tolerated_failure_percent) options.push(`--tolerate ${batch.tolerated_failure_percent}`);
  return {
    CLI: `export HERALD_URL=${shellQuoted(BASE)}   # and HERALD_KEY\nherald batch send ${file} \\\n  ${options.join(" \\\n  ")} \\\n  --download messages`,
  };
}
