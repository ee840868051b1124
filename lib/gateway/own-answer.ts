import { STATUS_CODES } from "node:http";
import { encodeRefusal, Refusal } from "./refusal.ts";

/** An answer that the gateway itself gives to what it was asked, where the cluster could not know it. */
export class OwnAnswer {
  readonly code: number;
  /** For the record: what was answered, and that it was the gateway. */
  readonly message: string;
  readonly object: object;

  constructor(code: number, message: string, object: object) {
    this.code = code;
    this.message = message;
    this.object = object;
  }
}

/** An answer as it goes over the wire. */
export function encodeAnswer(answer: Refusal | OwnAnswer): ReturnType<typeof encodeRefusal> {
  if (answer instanceof Refusal) return encodeRefusal(answer);
  const body = Buffer.from(JSON.stringify(answer.object));
  const headers = [
    ...["Content-Type", "application/json", "Cache-Control", "no-cache, private"],
    ...["X-Content-Type-Options", "nosniff", "Content-Length", String(body.length)],
  ];
  return { code: answer.code, phrase: STATUS_CODES[answer.code] ?? "", headers, body };
}
