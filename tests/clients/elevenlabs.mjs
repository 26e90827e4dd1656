// ElevenLabs' JavaScript package. Reads {folder, baseUrl, apiKey, voice, request} from standard input, writes what its methods
// return, or {error}; audio in base64.
import { createRequire } from "node:module";
import { join } from "node:path";
import { text } from "node:stream/consumers";

const { folder, baseUrl, apiKey, voice, request } = JSON.parse(await text(process.stdin));
const { ElevenLabsClient } = createRequire(join(folder, "package.json"))("@elevenlabs/elevenlabs-js");
const client = new ElevenLabsClient({ baseUrl, apiKey, maxRetries: 0 });

async function bytes(stream) {
  const found = [];
  for await (const piece of stream) found.push(Buffer.from(piece));
  return Buffer.concat(found).toString("base64");
}

async function all() {
  const speech = client.textToSpeech;
  const convert = await bytes(await speech.convert(voice, request));
  const stream = await bytes(await speech.stream(voice, request));
  const timed = await speech.convertWithTimestamps(voice, request);
  const chunks = [];
  for await (const chunk of await speech.streamWithTimestamps(voice, request)) chunks.push(chunk);
  const voices = (await client.voices.getAll()).voices.map((one) => one.voiceId);
  const found = (await client.voices.search()).voices.map((one) => one.voiceId);
  const models = (await client.models.list()).map((one) => one.modelId);
  const { characterLimit } = await client.user.subscription.get();
  return { convert, stream, timed, chunks, voices, found, models, characterLimit };
}

const result = await all().catch(({ name, statusCode, body }) => ({ error: { name, statusCode, body } }));
process.stdout.write(JSON.stringify(result));
