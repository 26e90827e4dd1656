// The current view as code. The code reads the key from HERALD_KEY, so that no key is pasted into files or chats.
const shellQuoted = (text) => `'${text.replace(/'/g, `'\\''`)}'`;
const quoted = JSON.stringify; // a string of Python and of JavaScript
const OWN = ["sample_rate", "text_format", "pause"]; // fields that OpenAI's client does not know
const POLLY_FORMATS = { mp3: "mp3", opus: "ogg_opus" };
const POLLY_CHARACTERS = 3000;
const POLLY =
  `import os\n\nimport boto3  # pip install boto3\n\n` +
  `polly = boto3.client(\n    "polly",\n    endpoint_url=${quoted(BASE)},\n    region_name="us-east-1",  # any\n` +
  `    aws_access_key_id="herald",  # any\n    aws_secret_access_key="herald",  # any\n    aws_session_token=os.environ["HERALD_KEY"],\n)\n`;
const HERALD_URL = `HERALD_URL=${shellQuoted(BASE)}`;

// Each returns its code, or nothing if it cannot express the request.
const SNIPPETS = {
  curl: (request, file) =>
    `curl -fsS ${shellQuoted(`${BASE}/v1/audio/speech`)} \\\n` +
    `  -H "Authorization: Bearer $HERALD_KEY" -H 'Content-Type: application/json' \\\n` +
    `  -d ${shellQuoted(JSON.stringify(request))} \\\n  --output ${file}\n`,
  Python: (request, file) => {
    const known = Object.entries(request).filter(([name]) => !OWN.includes(name));
    const extra = Object.fromEntries(Object.entries(request).filter(([name]) => OWN.includes(name)));
    const given = known.map(([name, value]) => `    ${name}=${quoted(value)},\n`).join("");
    const more = Object.keys(extra).length ? `    extra_body=${JSON.stringify(extra)},\n` : "";
    return (
      `import os\n\nfrom openai import OpenAI  # pip install openai\n\n` +
      `client = OpenAI(base_url=${quoted(`${BASE}/v1`)}, api_key=os.environ["HERALD_KEY"])\n` +
      `with client.audio.speech.with_streaming_response.create(\n    model="herald",\n${given}${more}) as response:\n` +
      `    response.stream_to_file(${quoted(file)})\n`
    );
  },
  JavaScript: (request, file) =>
    `import { writeFile } from "node:fs/promises";\n\n` +
    `const response = await fetch(${quoted(`${BASE}/v1/audio/speech`)}, {\n  method: "POST",\n` +
    `  headers: { Authorization: \`Bearer \${process.env.HERALD_KEY}\`, "Content-Type": "application/json" },\n` +
    `  body: JSON.stringify(${JSON.stringify(request, null, 2).replace(/\n/g, "\n  ")}),\n});\n` +
    `if (!response.ok) throw new Error(await response.text());\n` +
    `await writeFile(${quoted(file)}, Buffer.from(await response.arrayBuffer()));\n`,
  "boto3 (Polly)": ({ input, voice, response_format: format, ...more }, file) =>
    format in POLLY_FORMATS && !Object.keys(more).length && [...input].length <= POLLY_CHARACTERS &&
    `${POLLY}answer = polly.synthesize_speech(\n    VoiceId=${quoted(voice)},\n    OutputFormat=${quoted(POLLY_FORMATS[format])},\n` +
      `${isSsml(input) ? `    TextType="ssml",\n` : ""}    Text=${quoted(input)},\n)\n` +
      `with open(${quoted(file)}, "wb") as file:\n    file.write(answer["AudioStream"].read())\n`,
  "Command line": ({ input, voice, response_format: format, speed }, file) =>
    `${HERALD_URL} herald speak --voice ${shellQuoted(voice)} --format ${format} \\\n` +
    `${speed === undefined ? "" : `  --speed ${speed} \\\n`}  --output ${file} -- ${shellQuoted(input)}\n`,
};

const EXTENSIONS = { wav_ulaw: "wav", wav_alaw: "wav", opus: "ogg" };
const fileName = (format) => `speech.${EXTENSIONS[format] || format}`;

function snippetsOf(request) {
  const written = Object.entries(SNIPPETS).map(([name, write]) => [name, write(request, fileName(request.response_format))]);
  return Object.fromEntries(written.filter(([, code]) => code));
}

// The request of a job, which OpenAI's API does not have, as code.
const jobSnippets = (request) => ({
  curl:
    `curl -fsS ${shellQuoted(`${BASE}/v1/jobs`)} \\\n` +
    `  -H "Authorization: Bearer $HERALD_KEY" -H 'Content-Type: application/json' \\\n  -d ${shellQuoted(JSON.stringify(request))}\n`,
  Python:
    `import json\nimport os\n\nimport httpx  # pip install httpx\n\n` +
    `headers = {"Authorization": f"Bearer {os.environ['HERALD_KEY']}"}\n` +
    `body = json.loads(${quoted(JSON.stringify(request))})\n` +
    `print(httpx.post(${quoted(`${BASE}/v1/jobs`)}, json=body, headers=headers).raise_for_status().json())\n`,
  JavaScript:
    `const response = await fetch(${quoted(`${BASE}/v1/jobs`)}, {\n  method: "POST",\n` +
    `  headers: { Authorization: \`Bearer \${process.env.HERALD_KEY}\`, "Content-Type": "application/json" },\n` +
    `  body: JSON.stringify(${JSON.stringify(request, null, 2).replace(/\n/g, "\n  ")}),\n});\n` +
    `if (!response.ok) throw new Error(await response.text());\nconsole.log(await response.json());\n`,
});

// The request of a campaign, as code. Neither OpenAI's nor Polly's API has campaigns.
function batchSnippets(batch, name) {
  const options = [["name", batch.name], ["template", batch.template], ["voice", batch.voice], ["format", batch.response_format],
    ["deadline", batch.deadline], ["tolerate", batch.tolerated_failure_percent]];
  const given = options.filter(([, value]) => value !== undefined).map(([option, value]) => `--${option}=${shellQuoted(String(value))}`);
  const form = `'.upload.fields | to_entries[] | "form-string = \\"\\(.key)=\\(.value)\\""'`;
  return {
    "Command line": `${HERALD_URL} herald batch send \\\n  ${given.join(" \\\n  ")} \\\n  --download messages -- ${shellQuoted(name)}\n`,
    curl:
      `${HERALD_URL}\nAUTH="Authorization: Bearer $HERALD_KEY"\n` +
      `curl -fsS "$HERALD_URL/v1/batches" -H "$AUTH" -H 'Content-Type: application/json' \\\n  -d ${shellQuoted(JSON.stringify(batch))} > batch.json\n` +
      `jq -r ${form} batch.json > form\n` +
      `curl -fsS --config form -F "file=@-" "$(jq -r .upload.url batch.json)" < ${shellQuoted(name.replace(/^-/, "./-"))}\n` +
      `curl -fsS -X POST "$HERALD_URL/v1/batches/$(jq -r .id batch.json)/start" -H "$AUTH"\n`,
    Python:
      `import json\nimport os\n\nimport httpx  # pip install httpx\n\n` +
      `batch = json.loads(${quoted(JSON.stringify(batch))})\n` +
      `headers = {"Authorization": f"Bearer {os.environ['HERALD_KEY']}"}\n` +
      `with httpx.Client(base_url=${quoted(BASE)}, headers=headers, timeout=60) as api, open(${quoted(name)}, "rb") as file:\n` +
      `    created = api.post("/v1/batches", json=batch).raise_for_status().json()\n` +
      `    upload = created["upload"]\n` +
      `    httpx.post(upload["url"], data=upload["fields"], files={"file": file}, timeout=600).raise_for_status()\n` +
      `    print(api.post(f"/v1/batches/{created['id']}/start").raise_for_status().json())\n`,
    JavaScript:
      `import { openAsBlob } from "node:fs";\n\n` +
      `const headers = { Authorization: \`Bearer \${process.env.HERALD_KEY}\`, "Content-Type": "application/json" };\n` +
      `const send = async (url, options) => {\n  const response = await fetch(url, { method: "POST", ...options });\n` +
      `  if (!response.ok) throw new Error(await response.text());\n  return response;\n};\n` +
      `const body = JSON.stringify(${JSON.stringify(batch, null, 2)});\n` +
      `const created = await (await send(${quoted(`${BASE}/v1/batches`)}, { headers, body })).json();\n` +
      `const form = new FormData();\n` +
      `for (const [name, value] of Object.entries(created.upload.fields)) form.append(name, value);\n` +
      `form.append("file", await openAsBlob(${quoted(name)}));\n` +
      `await send(created.upload.url, { body: form });\n` +
      `console.log(await (await send(\`${BASE}/v1/batches/\${created.id}/start\`, { headers })).json());\n`,
  };
}

// The requests that a view reads, as code: paths of the API, commands, and calls of Polly's client, if it has them.
function readingSnippets(paths, commands, polly = "") {
  const get = { curl: "", Python: "", JavaScript: "" };
  for (const path of paths) {
    get.curl += `curl -fsS ${shellQuoted(BASE + path)} -H "Authorization: Bearer $HERALD_KEY"\n`;
    get.Python += `print(httpx.get(${quoted(BASE + path)}, headers=headers).raise_for_status().json())\n`;
    get.JavaScript += `console.log(await get(${quoted(BASE + path)}));\n`;
  }
  const snippets = {
    curl: get.curl,
    Python: `import os\n\nimport httpx  # pip install httpx\n\nheaders = {"Authorization": f"Bearer {os.environ['HERALD_KEY']}"}\n${get.Python}`,
    JavaScript:
      `const headers = { Authorization: \`Bearer \${process.env.HERALD_KEY}\` };\n` +
      `const get = async (url) => {\n  const response = await fetch(url, { headers });\n` +
      `  if (!response.ok) throw new Error(await response.text());\n  return response.json();\n};\n${get.JavaScript}`,
    "Command line": commands.map((command) => `${HERALD_URL} herald ${command}\n`).join(""),
  };
  return polly ? { ...snippets, "boto3 (Polly)": `${POLLY}print(polly.${polly})\n` } : snippets;
}
