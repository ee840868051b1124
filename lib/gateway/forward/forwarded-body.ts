import type { BodyCapture } from "../../audit/redaction/body-capture.ts";
import type { ClusterCall } from "../../clusters/calls/cluster-call.ts";
import type { Refusal } from "../answer/refusal.ts";
import type { ForwardInput } from "../call/call.ts";
import type { BodyReader } from "../request/client-request.ts";

/** A client's body on its way to the cluster, as fast as that takes it, and what the record keeps of it. */
export class ForwardedBody implements BodyReader {
  readonly #input: Pick<ForwardInput, "exchange" | "record">;
  readonly #capture: BodyCapture | null;
  readonly #listener: { onBrokenBody(refusal: Refusal): void };
  #cluster: ClusterCall | null = null;

  constructor(
    input: Pick<ForwardInput, "exchange" | "record">,
    capture: BodyCapture | null,
    listener: { onBrokenBody(refusal: Refusal): void },
  ) {
    this.#input = input;
    this.#capture = capture;
    this.#listener = listener;
  }

  /** There is a connection to the cluster: who waits to be asked for it, is. */
  begin(cluster: ClusterCall): void {
    if (this.#cluster !== null) return;
    this.#cluster = cluster;
    const { exchange } = this.#input;
    exchange.askForBody();
    exchange.readBody(this);
  }

  onData(chunk: Buffer): boolean {
    this.#input.record.bytesIn += chunk.length;
    this.#capture?.write(chunk);
    return this.#cluster!.write(chunk);
  }

  onEnd(): void {
    this.#cluster!.end();
  }

  onBroken(refusal: Refusal): void {
    this.#listener.onBrokenBody(refusal);
  }

  resume(): void {
    this.#input.exchange.resumeBody();
  }
}
