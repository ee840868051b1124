// Sends or takes one body of many bytes over TLS, and prints one line of JSON with the seconds that it took. Arguments: URL, folder with the authority,
// token (- for none), `up` or `down`, bytes.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import https from "node:https";

const [url, folder, token, direction, bytes] = process.argv.slice(2) as [
  ...[string, string, string, "up" | "down", string],
];
const total = Number(bytes);
const isUp = direction === "up";
const CHUNK = Buffer.alloc(256 * 1_024, "x");

const began = performance.now();
const request = https.request(url, {
  ca: readFileSync(`${folder}/ca.crt`),
  method: isUp ? "PUT" : "GET",
  headers: {
    ...(token !== "-" && { Authorization: `Bearer ${token}` }),
    ...(isUp && { "Content-Type": "application/octet-stream", "Content-Length": total }),
  },
});
const responded = once(request, "response") as Promise<[IncomingMessage]>;
if (isUp) await send();
else request.end();
const [response] = await responded;
let received = 0;
response.on("data", (chunk: Buffer) => {
  received += chunk.length;
});
await once(response, "end");
if (response.statusCode !== 200) throw new Error(`the answer was ${response.statusCode}`);
if (!isUp && received !== total) throw new Error(`${received} bytes came, of ${total}`);
console.log(JSON.stringify({ seconds: (performance.now() - began) / 1_000 }));
process.exit(0);

async function send(): Promise<void> {
  for (let sent = 0; sent < total; sent += CHUNK.length)
    if (!request.write(CHUNK.subarray(0, Math.min(CHUNK.length, total - sent)))) await once(request, "drain");
  request.end();
}
