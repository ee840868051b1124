import { readFile } from "node:fs/promises";
import { AgentError } from "../agent-error.ts";
import { errorText } from "../log.ts";

/** Kubernetes writes the next token long before the last one ends. */
const LOOK_AGAIN_MS = 10_000;

/** The service account's token as its file has it now, read again at most every 10 s. */
export function serviceAccountToken(file: string, now = () => performance.now()): () => Promise<string> {
  let known: { token: Promise<string>; readAt: number } | null = null;
  return () => {
    if (known === null || now() - known.readAt >= LOOK_AGAIN_MS) {
      const token = readToken(file);
      known = { token, readAt: now() };
      token.catch(() => {
        if (known?.token === token) known = null;
      });
    }
    return known.token;
  };
}

async function readToken(file: string): Promise<string> {
  let token: string;
  try {
    token = (await readFile(file, "utf8")).trim();
  } catch (cause) {
    throw new AgentError(
      `the service account's token (KUBERNETES_TOKEN_FILE) cannot be read: ${errorText(cause)}`,
      {
        cause,
      },
    );
  }
  // What a header may hold; the text itself is never shown.
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new AgentError(`${file} (KUBERNETES_TOKEN_FILE) holds no token`);
}
