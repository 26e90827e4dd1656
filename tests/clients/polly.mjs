// Amazon Polly's client of AWS's SDK for JavaScript. Reads {folder, endpoint, sessionToken, calls} from standard input: calls
// are pairs of a command's name and its input. Writes a list of {output} or {error}; audio in base64.
import { createRequire } from "node:module";
import { join } from "node:path";
import { text } from "node:stream/consumers";

const { folder, endpoint, sessionToken, calls } = JSON.parse(await text(process.stdin));
const polly = createRequire(join(folder, "package.json"))("@aws-sdk/client-polly");
const credentials = { accessKeyId: "any", secretAccessKey: "any", sessionToken };
const client = new polly.PollyClient({ endpoint, region: "us-east-1", credentials, maxAttempts: 1 });

async function call([name, input]) {
  const { AudioStream, $metadata, ...output } = await client.send(new polly[`${name}Command`](input));
  const audio = AudioStream && Buffer.from(await AudioStream.transformToByteArray()).toString("base64");
  return { output, audio, requestId: $metadata.requestId };
}

const results = [];
for (const one of calls) {
  results.push(
    await call(one).catch(({ name, message, $metadata }) => ({ error: { name, message, status: $metadata?.httpStatusCode } })),
  );
}
process.stdout.write(JSON.stringify(results));
