import { request } from "node:http";

const TIMEOUT_MS = 2000;
const MOST_BYTES = 4 * 1024 * 1024;

/** Asks the API for a path through the session's socket; null where it answers anything but JSON within two seconds. */
export function askApi(socketPath: string, path: string, accept: string): Promise<unknown> {
  return new Promise((resolve) => {
    const headers = { accept, host: "kubernetes", "user-agent": "kubewitness-shell" };
    const call = request({ socketPath, path, headers, timeout: TIMEOUT_MS }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes > MOST_BYTES) call.destroy();
      });
      response.on("end", () => resolve(response.statusCode === 200 ? parse(Buffer.concat(chunks)) : null));
      response.on("close", () => resolve(null));
    });
    const timer = setTimeout(() => call.destroy(), TIMEOUT_MS);
    call.on("close", () => {
      clearTimeout(timer);
      resolve(null);
    });
    call.on("error", () => resolve(null));
    call.end();
  });
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return null;
  }
}
