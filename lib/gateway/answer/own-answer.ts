import { type AnsweredCall, type EncodedAnswer, encodeBody, encodeRefusal, Refusal } from "./refusal.ts";

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
export function encodeAnswer(answer: Refusal | OwnAnswer, call: AnsweredCall): EncodedAnswer {
  if (answer instanceof Refusal) return encodeRefusal(answer, call);
  return encodeBody(answer.code, JSON.stringify(answer.object), call);
}
