import { attendance } from "../../attendance.ts";
import { gatewayConnection, isAnswerOfGateway } from "../../connection/gateway-connection.ts";
import { RequestError } from "../../request-error.ts";
import { readError } from "../../request-json.ts";
import { showFactorIfDemanded } from "../../second-factor/ask-factor.ts";

/** One event of a stream: its name and its data. */
export interface StreamEvent {
  name: string;
  data: string;
}

/**
 * Reads server-sent events (WHATWG HTML, section 9.2) until the server ends them. `EventSource` would not tell of comments, by which a
 * quiet stream is told from a dead one, nor with which status it was refused.
 * `onHeard`: something came, be it a comment. @throws RequestError when refused, or when the connection breaks.
 */
export async function readEventStream(
  url: string,
  {
    signal,
    onHeard,
    onEvent,
  }: { signal: AbortSignal; onHeard: () => void; onEvent: (event: StreamEvent) => void },
): Promise<void> {
  const response = await open(url, signal);
  if (!response.ok || !response.body) throw await readError(response);
  let rest = "";
  try {
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      onHeard();
      const blocks = (rest + decoder.decode(piece.value, { stream: true })).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const event = readBlock(block);
        if (event) onEvent(event);
      }
    }
  } catch (error) {
    if (signal.aborted) throw error;
    throw broken();
  }
}

async function open(url: string, signal: AbortSignal): Promise<Response> {
  const response = await ask(url, signal);
  return (await showFactorIfDemanded(response)) ? ask(url, signal) : response;
}

async function ask(url: string, signal: AbortSignal): Promise<Response> {
  try {
    const response = await fetch(url, {
      signal,
      headers: { accept: "text/event-stream", ...attendance() },
      cache: "no-store",
    });
    if (isAnswerOfGateway(response)) gatewayConnection.noteAnswer();
    else gatewayConnection.noteSilence();
    return response;
  } catch (error) {
    if (signal.aborted) throw error;
    gatewayConnection.noteSilence();
    throw broken();
  }
}

const broken = () =>
  new RequestError({ status: 0, code: "unreachable", message: "The connection to the gateway was lost." });

function readBlock(block: string): StreamEvent | null {
  let name = "message";
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    // A comment begins with a colon.
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") name = value;
    else if (field === "data") data.push(value);
  }
  return data.length > 0 ? { name, data: data.join("\n") } : null;
}
