import type { ServerHttp2Stream } from "node:http2";
import type { HubList } from "../../lib/tunnels/protocol/api-server-stream.ts";
import { MOST_BODY_BYTES } from "../../lib/tunnels/protocol/endpoints.ts";
import { MOST_HUBS } from "../../lib/tunnels/protocol/introduction.ts";

/** Reads which hubs there are, and answers 204, or 400 and 413. Rejects where it is no list. */
export async function readHubList(stream: ServerHttp2Stream): Promise<string[]> {
  let text = "";
  for await (const chunk of stream.setEncoding("utf8")) {
    text += chunk;
    if (text.length > MOST_BODY_BYTES) {
      stream.respond({ ":status": 413 }, { endStream: true });
      throw new Error("a list of hubs that is too long");
    }
  }
  const hubs = listIn(text);
  stream.respond({ ":status": hubs === null ? 400 : 204 }, { endStream: true });
  if (hubs === null) throw new Error("a list of hubs that is none");
  return hubs;
}

function listIn(text: string): string[] | null {
  try {
    const { hubs } = JSON.parse(text) as HubList;
    const isList =
      Array.isArray(hubs) && hubs.length <= MOST_HUBS && hubs.every((hub) => typeof hub === "string");
    return isList ? hubs : null;
  } catch {
    return null;
  }
}
