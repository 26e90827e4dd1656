// One request with OpenAI's JavaScript package. Reads {folder, baseURL, apiKey, request, stream} from standard input,
// writes {status, headers, chunks, audio} or {error} to standard output; audio in base64.
import { createRequire } from "node:module";
import { join } from "node:path";
import { text } from "node:stream/consumers";

const { folder, baseURL, apiKey, request, stream } = JSON.parse(await text(process.stdin));
const { OpenAI } = createRequire(join(folder, "package.json"))("openai");
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });

async function pieces(answer) {
  const found = [];
  for await (const piece of answer.body) found.push(Buffer.from(piece));
  return found;
}

async function speak() {
  const answer = await client.audio.speech.create(request);
  const found = stream ? await pieces(answer) : [Buffer.from(await answer.arrayBuffer())];
  const audio = Buffer.concat(found).toString("base64");
  return { status: answer.status, headers: Object.fromEntries(answer.headers), chunks: found.length, audio };
}

const result = await speak().catch(({ name, status, code, param, type, message, requestID }) => ({
  error: { name, status, code, param, type, message, requestID },
}));
process.stdout.write(JSON.stringify(result));
