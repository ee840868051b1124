// A receiver of one kind that may be killed: what it says that it took is in its file, on the disk. KIND, PORT and FOLDER come from the environment.
import {
  existsSync,
  fdatasyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import path from "node:path";
import { gunzipSync } from "node:zlib";

const { KIND = "webhook", PORT = "0", FOLDER = "." } = process.env;
const name = path.join(FOLDER, "numbers");
const known = new Set(
  KIND === "elasticsearch" && existsSync(name) ? readFileSync(name, "utf8").split("\n") : [],
);
const file = openSync(name, "a");
/** Within ids: each record has its own once or twice. */
const NUMBER = /requests-(\d+)"/g;
const ID_ATTRIBUTE = "log.record.uid";
let nextAck = 0;

const numbersIn = (body: Buffer) => (KIND === "otlp" ? numbersOfAttributes(body) : numbersOfIds(body));

function numbersOfIds(body: Buffer): string[] {
  return [...new Set(Array.from(body.toString("latin1").matchAll(NUMBER), ([, no]) => no!))];
}

/** In Protocol Buffers the attribute's name, then its value: tag and length of a message, tag and length of its text, the text. */
function numbersOfAttributes(body: Buffer): string[] {
  const numbers: string[] = [];
  for (let at = body.indexOf(ID_ATTRIBUTE); at >= 0; at = body.indexOf(ID_ATTRIBUTE, at + 1)) {
    const start = at + ID_ATTRIBUTE.length + 4;
    const id = body.toString("latin1", start, start + body[start - 1]!);
    numbers.push(id.split("requests-")[1]!);
  }
  return numbers;
}

function keep(numbers: readonly string[]): void {
  if (numbers.length === 0) return;
  writeSync(file, `${numbers.join("\n")}\n`);
  fdatasyncSync(file);
}

type Answer = [status: number, body?: string | Buffer];

function answerBulk(body: Buffer): Answer {
  const numbers = numbersIn(body);
  const fresh = numbers.filter((no) => !known.has(no));
  keep(fresh);
  for (const no of fresh) known.add(no);
  if (fresh.length === numbers.length) return [200, '{"errors":false}'];
  const isFresh = new Set(fresh);
  const items = numbers.map((no) => ({ create: { status: isFresh.has(no) ? 201 : 409 } }));
  return [200, JSON.stringify({ errors: true, items })];
}

function answerObject(method: string, url: string, body: Buffer): Answer {
  const object = path.join(FOLDER, "objects", url);
  if (method === "GET")
    return existsSync(object) ? [200, readFileSync(object)] : [404, "<Code>NoSuchKey</Code>"];
  mkdirSync(path.dirname(object), { recursive: true });
  writeFileSync(object, body, { flush: true });
  return [200];
}

function answer({ method = "", url = "" }: IncomingMessage, body: Buffer): Answer {
  if (KIND === "s3") return answerObject(method, url, body);
  if (KIND === "elasticsearch") return answerBulk(body);
  if (url.startsWith("/services/collector/ack")) {
    const { acks } = JSON.parse(body.toString()) as { acks: number[] };
    // What was acknowledged before a crash is not known behind it.
    return [200, JSON.stringify({ acks: Object.fromEntries(acks.map((ack) => [ack, ack < nextAck])) })];
  }
  keep(numbersIn(body));
  return KIND === "splunk" ? [200, JSON.stringify({ code: 0, ackId: nextAck++ })] : [200];
}

const server = createServer(async (request, response) => {
  const sent = Buffer.concat(await request.toArray());
  const body = request.headers["content-encoding"] === "gzip" ? gunzipSync(sent) : sent;
  const [status, said = ""] = answer(request, body);
  response.writeHead(status).end(said);
});
server.listen(Number(PORT), "127.0.0.1", () => process.send!(server.address()));
process.on("disconnect", () => process.exit());
