// Speech with Vercel's AI SDK. Reads {folder, baseURL, apiKey, request} from standard input, writes {audio, mediaType,
// format} or {error} to standard output; audio in base64.
import { createRequire } from "node:module";
import { join } from "node:path";
import { text } from "node:stream/consumers";

const { folder, baseURL, apiKey, request } = JSON.parse(await text(process.stdin));
const require = createRequire(join(folder, "package.json"));
const { createOpenAI } = require("@ai-sdk/openai");
const { experimental_generateSpeech: generateSpeech } = require("ai");

async function speak({ model, ...rest }) {
  const provider = createOpenAI({ baseURL, apiKey });
  const { audio } = await generateSpeech({ model: provider.speech(model), maxRetries: 0, ...rest });
  return { audio: audio.base64, mediaType: audio.mediaType, format: audio.format };
}

const result = await speak(request).catch(({ name, statusCode, message, responseBody }) => ({
  error: { name, statusCode, message, responseBody },
}));
process.stdout.write(JSON.stringify(result));
