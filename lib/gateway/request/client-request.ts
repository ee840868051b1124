import type { IncomingMessage } from "node:http";
import type { Refusal } from "../answer/refusal.ts";

/** What is known of a request once its head has been read, whoever read it; an IncomingMessage is one. */
export type RequestHead = Pick<IncomingMessage, "method" | "url" | "httpVersion" | "rawHeaders" | "headers">;

/** Who is given a request's body. */
export interface BodyReader {
  /** The chunk is the reader's from now on. False: no more before `resumeBody`. */
  onData(chunk: Buffer): boolean;
  /** All of it has come. */
  onEnd(): void;
  /** It turned out to be no HTTP, or the client left before its end (a response's listener hears that first): nothing more comes. */
  onBroken(refusal: Refusal): void;
}

/** The request of an ordinary call. */
export interface ClientRequest {
  readonly head: RequestHead;
  /** It has come whole, its body too. */
  readonly isComplete: boolean;
  /** Why its body can never be read to its end: it turned out to be no HTTP. Null as far as is known. */
  readonly broken: Refusal | null;
  /** Tells a client that waits for it (`Expect: 100-continue`) to send its body, once; otherwise nothing. */
  askForBody(): void;
  /** Gives the body to a reader, to which it may tell things before this returns; again once the reader before wants no more of it. */
  readBody(reader: BodyReader): void;
  resumeBody(): void;
  /** What still comes of it is read and dropped, and no reader is told of it. */
  dropBody(): void;
}
