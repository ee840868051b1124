import { expect } from "vitest";
import type { Carried } from "../../transports/transport.ts";
import type {
  ClusterAnswerHead,
  ClusterCall,
  ClusterCallHandler,
  ClusterCalls,
  ClusterRequest,
} from "../cluster-call.ts";

const SOON = { timeout: 20_000, interval: 5 };

/** A call of a test's, and all that it was told. */
export class RecordedCall implements ClusterCallHandler {
  readonly call: ClusterCall;
  /** In their order: "sent", "head 200", "data", "drain", "end", "error ECONNRESET". */
  readonly told: string[] = [];
  head: ClusterAnswerHead | null = null;
  content = "";
  bytes = 0;
  trailers: readonly string[] = [];
  error: (Error & { code?: string }) | null = null;
  by: Carried | null = null;
  /** Whether it takes more. */
  takes: () => boolean = () => true;

  constructor(calls: ClusterCalls, request: Partial<ClusterRequest> = {}) {
    this.call = calls.begin(
      { method: "GET", path: "/api/v1/pods", headers: [], body: null, headTimeoutMs: 0, ...request },
      this,
    );
  }

  onSent(by: Carried | null): void {
    this.by = by;
    this.told.push("sent");
  }

  onDrain(): void {
    this.told.push("drain");
  }

  onHead(head: ClusterAnswerHead): void {
    this.head = head;
    this.told.push(`head ${head.statusCode}`);
  }

  onData(chunk: Buffer): boolean {
    if (this.bytes < 1_000_000) this.content += chunk.toString("latin1");
    this.bytes += chunk.length;
    if (this.told.at(-1) !== "data") this.told.push("data");
    return this.takes();
  }

  onEnd(trailers: readonly string[]): void {
    this.trailers = trailers;
    this.told.push("end");
  }

  onError(error: Error & { code?: string }): void {
    this.error = error;
    this.told.push(`error ${error.code}`);
  }

  /** Waits until it has been told of something. */
  async hears(what: string | RegExp): Promise<this> {
    await expect
      .poll(
        () => this.told.find((each) => (typeof what === "string" ? each === what : what.test(each))),
        SOON,
      )
      .toBeDefined();
    return this;
  }

  /** Waits for its end, good or bad. */
  over(): Promise<this> {
    return this.hears(/^(end$|error)/);
  }
}
