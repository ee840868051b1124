import http from "node:http";
import https from "node:https";
import { Failure } from "../program/failure.ts";
import { VERSION } from "../program/version.ts";
import { explainCertificate, machineAuthorities } from "./trust.ts";

export interface Outgoing {
  method?: "GET" | "POST";
  url: URL;
  headers?: Record<string, string>;
  body?: string;
  /** PEM; null: the machine's. */
  certificateAuthority: string | null;
  signal?: AbortSignal;
  /** How long nothing may come. */
  silentMs?: number;
}

const SILENT_MS = 30_000;
const MOST_ANSWER = 32 * 1024 * 1024;

/**
 * Sends a request and resolves with the answer's head; its body streams. Redirects are not followed: what is sent holds credentials.
 * @throws Failure `unreachable`, in words.
 */
export function send(outgoing: Outgoing): Promise<http.IncomingMessage> {
  const { url, method = "GET", headers, body, certificateAuthority, signal, silentMs = SILENT_MS } = outgoing;
  const secure = url.protocol === "https:";
  const trust = secure ? { ca: certificateAuthority ?? machineAuthorities() } : {};
  return new Promise((resolve, reject) => {
    const request = (secure ? https : http).request(url, {
      method,
      headers: { "User-Agent": `kubewitness/${VERSION}`, ...lengthOf(body), ...headers },
      timeout: silentMs,
      signal,
      ...trust,
    });
    request.on("timeout", () =>
      request.destroy(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" })),
    );
    request.on("response", resolve);
    request.on("error", (error) => reject(explain(url, error)));
    request.end(body);
  });
}

const lengthOf = (body: string | undefined) =>
  body === undefined ? {} : { "Content-Length": String(Buffer.byteLength(body)) };

const REASONS: Record<string, string> = {
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "its name cannot be resolved now",
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "the connection was cut",
  EHOSTUNREACH: "there is no way to it",
  ENETUNREACH: "there is no way to it",
  ETIMEDOUT: "it did not answer in time",
};

/** A failure of the network in one line that says what to do. @throws what is none of the network's: a defect of ours */
export function explain({ origin }: URL, error: NodeJS.ErrnoException): Failure {
  if (error instanceof Failure) return error;
  if (typeof error.code !== "string") throw error;
  const certificate = explainCertificate(origin, error);
  if (certificate) return new Failure("unreachable", certificate, { cause: error });
  const reason = REASONS[error.code ?? ""] ?? error.message;
  const text = `${origin} cannot be reached: ${reason}. See to the address, the network and, where you need one, the VPN.`;
  return new Failure("unreachable", text, { cause: error });
}

/** The whole body of an answer. @throws Failure for one that is cut off or beyond reason. */
export async function readText(url: URL, answer: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MOST_ANSWER) throw new Failure("failed", `${url.origin} answered with more than 32 MB.`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw explain(url, error as Error);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The value of a JSON text; undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
