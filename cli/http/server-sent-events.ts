import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** Messages of server-sent events (WHATWG HTML, section 9.2.6), those without data left out. Ends with the stream. */
export async function* readServerSentEvents(stream: Readable): AsyncGenerator<string> {
  let data: string[] = [];
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line === "") {
      if (data.length > 0) yield data.join("\n");
      data = [];
    } else if (line.startsWith("data:")) data.push(line.slice(line[5] === " " ? 6 : 5));
  }
}
