import type { ClientExchange } from "../call/client-exchange.ts";

/** Answers a call at once with a text. */
export function answerExchange(exchange: ClientExchange, text: string): void {
  const content = Buffer.from(text);
  exchange.writeHead({
    statusCode: 200,
    statusMessage: undefined,
    headers: ["Content-Type", "text/plain", "Content-Length", String(content.length)],
    contentLength: content.length,
    closes: false,
  });
  exchange.end(content);
}
