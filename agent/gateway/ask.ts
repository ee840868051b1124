import https from "node:https";
import type { ConnectionOptions } from "node:tls";
import { AgentError } from "../agent-error.ts";
import { errorText } from "../log.ts";
import { openTls } from "../network/open-tls.ts";
import type { GatewayAddress } from "../settings/settings.ts";

export interface Question {
  method: "GET" | "POST";
  path: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: object;
}

export interface Answer {
  status: number;
  text: string;
}

const MOST_ANSWER_BYTES = 256 * 1024;

/** Asks the gateway on a connection of its own. @throws AgentError where there is no answer. */
export async function ask(
  gateway: GatewayAddress,
  trust: ConnectionOptions,
  question: Question,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    const socket = await openTls(gateway, trust, signal);
    try {
      return await exchange(socket, gateway, question, signal);
    } finally {
      socket.destroy();
    }
  } catch (error) {
    throw unreachable(gateway, error);
  }
}

function exchange(
  socket: Awaited<ReturnType<typeof openTls>>,
  gateway: GatewayAddress,
  { method, path, headers = {}, body }: Question,
  signal: AbortSignal,
): Promise<Answer> {
  const text = body === undefined ? null : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const request = https.request({
      ...{ host: gateway.host, port: gateway.port, method, path, signal },
      createConnection: () => socket,
      headers: {
        ...headers,
        Accept: "application/json",
        ...(text === null
          ? {}
          : { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(text) }),
      },
    });
    request.on("error", reject);
    request.on("response", async (response) => {
      try {
        let received = "";
        for await (const chunk of response.setEncoding("utf8")) {
          received += chunk;
          if (received.length > MOST_ANSWER_BYTES)
            throw new Error(`an answer of more than ${MOST_ANSWER_BYTES} bytes`);
        }
        resolve({ status: response.statusCode ?? 0, text: received });
      } catch (error) {
        reject(error);
      }
    });
    request.end(text ?? undefined);
  });
}

/** Node's error of a connection to the gateway, as what it means. */
export function unreachable({ host, port }: GatewayAddress, error: unknown): AgentError {
  if (error instanceof AgentError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? "";
  const isCertificate = /CERT|ISSUER|SIGNATURE|ALTNAME/.test(code);
  const what = isCertificate ? "its certificate is not one to trust" : "no connection";
  const next = isCertificate
    ? "Is something between agent and gateway that ends TLS? Has each of the gateway's replicas the same tls.certificate and tls.key? Where the gateway's authority is another by now, join with a new join token"
    : "Is KUBEWITNESS_URL right, and does the network let it through?";
  return new AgentError(`the gateway ${host}:${port}: ${what}: ${errorText(error)}. ${next}`, {
    cause: error,
  });
}

/** What an answer that is a refusal says: the message of the gateway's errors, or the first line of what something else wrote. */
export function refusalText({ status, text }: Answer): string {
  const message =
    messageOf(text) ??
    text
      .trim()
      .split("\n", 1)[0]
      ?.replace(/<[^>]*>/g, "") ??
    "";
  return message === "" ? `answered ${status}` : `answered ${status}: ${message.slice(0, 300)}`;
}

function messageOf(text: string): string | null {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === "string" ? message : null;
  } catch {
    return null;
  }
}
