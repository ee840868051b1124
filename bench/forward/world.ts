import { DEFAULT_RECORDING } from "../../lib/access/policy/schema.ts";
import type { KubeRequestEntry } from "../../lib/audit/entry/entry.ts";
import type { RecordDone } from "../../lib/audit/pipeline/recorder.ts";
import type {
  ClusterAnswerHead,
  ClusterCall,
  ClusterCallHandler,
  ClusterRequest,
} from "../../lib/clusters/calls/cluster-call.ts";
import type { ResponseHead } from "../../lib/gateway/answer/client-response.ts";
import { FOR_CALLERS, type Patience } from "../../lib/gateway/answer/end-connection.ts";
import type { ForwardInput } from "../../lib/gateway/call/call.ts";
import type { CallRecord } from "../../lib/gateway/call/call-record.ts";
import type { ClientExchange } from "../../lib/gateway/call/client-exchange.ts";
import type { Gateway } from "../../lib/gateway/call/gateway.ts";
import type { BodyReader, RequestHead } from "../../lib/gateway/request/client-request.ts";
import { resolveRequestInfo } from "../../lib/gateway/request/request-info.ts";
import { parseRequestTarget } from "../../lib/gateway/request/request-target.ts";

const TARGET = "/k8s/clusters/bench/api/v1/namespaces/shop/pods?limit=500";
const CONTENT = Buffer.alloc(1_024, "x");

/** What came out, for the bench to check that it measures what it means to. */
export const tally = { answered: 0, bytes: 0, recorded: 0 };

const HEAD: RequestHead = {
  method: "GET",
  url: TARGET,
  httpVersion: "1.1",
  rawHeaders: ["Host", "gateway", "User-Agent", "kubectl/v1.33.0", "Accept", "application/json"],
  headers: { host: "gateway", "user-agent": "kubectl/v1.33.0", accept: "application/json" },
};

/** A client that takes whatever it is given. */
class FakeExchange implements ClientExchange {
  readonly head = HEAD;
  readonly isComplete = true;
  readonly broken = null;
  readonly isClosed = false;
  isHeadSent = false;
  patience: Patience = FOR_CALLERS;

  askForBody(): void {}

  readBody(reader: BodyReader): void {
    reader.onEnd();
  }

  resumeBody(): void {}

  dropBody(): void {}

  listen(): void {}

  writeHead({ headers }: ResponseHead): void {
    this.isHeadSent = true;
    tally.bytes += headers.length;
  }

  flushHead(): void {}

  write(chunk: Buffer): boolean {
    tally.bytes += chunk.length;
    return true;
  }

  end(last: Buffer | null): void {
    tally.answered += 1;
    if (last !== null) tally.bytes += last.length;
  }

  destroy(): void {}
}

/** As kube-apiserver's. */
const answerHead = (): ClusterAnswerHead => ({
  statusCode: 200,
  statusMessage: "OK",
  rawHeaders: [
    ...["Audit-Id", "6a3c3a8e-0f2c-4d42-9a2c-2b1f0b6b1d11", "Cache-Control", "no-cache, private"],
    ...["Content-Type", "application/json", "X-Kubernetes-Pf-Flowschema-Uid", "0c2b1c3e"],
    ...["X-Kubernetes-Pf-Prioritylevel-Uid", "5d1c2b3a", "Date", "Sun, 29 Nov 2026 05:00:00 GMT"],
    ...["Content-Length", String(CONTENT.length)],
  ],
  headers: { "content-type": "application/json", "content-length": String(CONTENT.length) },
  contentLength: CONTENT.length,
});

export function answer(handler: ClusterCallHandler): void {
  handler.onHead(answerHead());
  handler.onData(CONTENT);
  handler.onEnd(NONE);
}

/** A cluster that answers when it is told to, in the order in which it was asked. */
export class FakeCluster {
  #asked: ClusterCallHandler[] = [];
  readonly calls = {
    begin: (request: ClusterRequest, handler: ClusterCallHandler) => this.#begin(request, handler),
  };

  #begin({ headers }: ClusterRequest, handler: ClusterCallHandler): ClusterCall {
    tally.bytes += headers.length;
    this.#asked.push(handler);
    handler.onSent(null);
    return IDLE_CALL;
  }

  /** Those that were asked, once. */
  take(): ClusterCallHandler[] {
    const asked = this.#asked;
    this.#asked = [];
    return asked;
  }
}

const NONE: readonly string[] = [];
const IDLE_CALL: ClusterCall = {
  write: () => true,
  end() {},
  pause() {},
  resume() {},
  abort() {},
};

/** A record whose rows cost nothing. */
const ENTRY = { stage: "complete" } as KubeRequestEntry;

/** A gateway of which the forwarding is real. */
export class FakeGateway {
  readonly cluster = new FakeCluster();
  #waiting: RecordDone[] = [];
  readonly #gateway = {
    recorder: {
      recordEntry: (_entry: unknown, _options: unknown, done: RecordDone) => {
        tally.recorded += 1;
        this.#waiting.push(done);
      },
    },
    redactor: { redactText: (text: string) => text },
    liveCalls: { add() {}, remove() {} },
    metrics: { observeUpstream() {}, countCall() {} },
  } as unknown as Gateway;

  /** Who waits for the journal, once. */
  take(): RecordDone[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }

  /** A read as it comes out of the chain. */
  next(): ForwardInput {
    const record = { bytesIn: 0, bytesOut: 0, startedAt: 0, entry: () => ENTRY } as unknown as CallRecord;
    return {
      gateway: this.#gateway,
      record,
      exchange: new FakeExchange(),
      call: {
        target: ASKED.target,
        info: ASKED.info,
        caller: {} as never,
        cluster: { id: "1", name: "bench", endpoint: "https://127.0.0.1:1" },
        node: null,
        permit: PERMIT,
        impersonation: null,
        upstream: this.#upstream,
        headers: [...HEADERS],
        body: null,
      },
      client: { answer() {} },
    };
  }

  readonly #upstream = {
    endpoint: new URL("https://127.0.0.1:1"),
    basePath: "",
    calls: this.cluster.calls,
    credentialRefused: () => false,
  } as never;
}

const HEADERS = [
  ...["User-Agent", "kubectl/v1.33.0", "Accept", "application/json", "Authorization", "Bearer x"],
  ...[
    "Impersonate-User",
    "alice@example.com",
    "Impersonate-Group",
    "developers",
    "X-Forwarded-For",
    "127.0.0.1",
  ],
  ...["Audit-ID", "01a225ac-b1c4-707a-81eb-d3e57d9752af"],
];

const PERMIT = {
  agentTag: null,
  until: Number.POSITIVE_INFINITY,
  grantId: "1",
  recording: DEFAULT_RECORDING,
} as never;

const ASKED = asked();

function asked() {
  const target = parseRequestTarget(TARGET);
  if ("refused" in target) throw new Error(target.refused);
  return {
    target,
    info: resolveRequestInfo({ method: "GET", segments: target.segments, query: target.query }),
  };
}
