import type { GrantOrigin } from "../../access/policy/schema.ts";
import type { EntryActor, EntryBody, KubeRequestEntry, Stage } from "../../audit/entry/entry.ts";
import { type EntryOfCall, type EntryWords, WORDS } from "../../audit/entry/entry-text.ts";
import type { TextRedactor } from "../../audit/redaction/redact-text.ts";
import { boundedText } from "../../audit/store/stored-text.ts";
import type { Carried, Transport } from "../../clusters/transports/transport.ts";
import type { AnsweredCall } from "../answer/refusal.ts";
import type { RequestHead } from "../request/client-request.ts";
import type { RequestInfo } from "../request/request-info.ts";
import type { ShellCall } from "../request/shell-call.ts";
import { describeWriteOptions, isDryRun, writeOptions } from "../request/write-options.ts";
import { newCallId } from "./call-id.ts";
import { boundedName, nameOrNull, readClientWords } from "./client-words.ts";
import { ANONYMOUS, entryGroups } from "./entry-parts.ts";
import { type Fate, NOT_SENT } from "./fate.ts";

const MAX_MESSAGE_BYTES = 1024;
const MAX_GROUPS = 64;
/** From how many characters on a row says how long the request target was: the texts of the row are cut. */
const LONG_TARGET = 8_192;

const UNKNOWN_CLUSTER = { id: "", name: "", endpoint: "" };

/** How a call stands when a row is written. Message and exit code are null where there is none. */
export interface CallOutcome {
  stage: Stage;
  result: "success" | "failure";
  message: string | null;
  httpStatus: number | null;
  exitCode?: number | null;
}

export interface CallRecordInput {
  request: RequestHead;
  clientIp: string | null;
  /** For what clusters and clients say in words of their own. */
  redactor: TextRedactor;
}

/** What is known of one call so far. Each stage of the chain adds to it, and every exit writes rows from it. */
export class CallRecord {
  readonly callId = newCallId();
  /** Milliseconds since the epoch, when the call reached the gateway. */
  readonly startedAt = Date.now();
  readonly clientIp: string | null;
  /** Where the web shell's token was shown in its own terminal: what the row then says of the command is a fact, and no claim. */
  shell: ShellCall | null = null;
  actor: EntryActor = ANONYMOUS;
  /** Of the token that the caller showed. */
  tokenId: string | null = null;
  cluster: KubeRequestEntry["cluster"] = UNKNOWN_CLUSTER;
  /** By what the call goes to its cluster; null where it goes to none. */
  transport: Transport | null = null;
  /** Who carried it there last; null where it went by itself, or nowhere. */
  carried: Carried | null = null;
  info: RequestInfo | null = null;
  /** The name that a create's body gives where its path has none, as RequestInfo leaves it. */
  objectName: string | null = null;
  /** As the client sent it, with its "?". */
  query = "";
  /** The options in the body say that nothing is to be changed. */
  dryRunInBody = false;
  role: string | null = null;
  /** What allowed the call. */
  grantId: string | null = null;
  grantOrigin: GrantOrigin | null = null;
  kubernetesGroups: readonly string[] = [];
  /** Whether its role's reads are recorded; null: as the installation is set. */
  auditReads: boolean | null = null;
  impersonatedUser: string | null = null;
  impersonatedGroups: string[] = [];
  /** Body or stream bytes from the client, and to it. */
  bytesIn = 0;
  bytesOut = 0;
  body: EntryBody | null = null;
  /** In which the call is, as they are when it arrives. */
  projects: string[] = [];
  departments: string[] = [];
  nodePools: string[] = [];
  /** Of the session's recording, once it has begun. */
  recordingId: string | null = null;
  fate: Fate = NOT_SENT;
  readonly #request: RequestHead;
  readonly #redactor: TextRedactor;
  #words: EntryWords | null = null;
  /** What was asked for when they were read. */
  #wordsOf: RequestInfo | null = null;
  readonly #startedTick = performance.now();

  constructor({ request, clientIp, redactor }: CallRecordInput) {
    this.#request = request;
    this.clientIp = clientIp;
    this.#redactor = redactor;
  }

  /** Milliseconds since the call reached the gateway. */
  get durationMs(): number {
    return Math.round(performance.now() - this.#startedTick);
  }

  get accessMethod(): KubeRequestEntry["accessMethod"] {
    return this.shell === null ? "CLI" : "Browser";
  }

  /** For the log: which call, where to, by what. */
  get logged(): { callId: string; cluster: string; transport: string | undefined } {
    return { callId: this.callId, cluster: this.cluster.name, transport: this.transport?.name };
  }

  /** The row of this moment. Only rows that close a call (`complete`, `end`) carry duration, bytes and exit code. */
  entry({ stage, result, message, httpStatus, exitCode = null }: CallOutcome): EntryOfCall {
    const { shell } = this;
    const words = this.#clientWords();
    const options = writeOptions(this.info, this.query);
    const body = { sent: this.body !== null, dryRun: this.dryRunInBody };
    const dryRun = isDryRun(this.info, options, body);
    const closes = stage === "complete" || stage === "end";
    // In the order of `entryText`.
    return {
      callId: this.callId,
      stage,
      executedAt: stage === "end" ? Date.now() : this.startedAt,
      result,
      message: this.#message(message ?? describeWriteOptions(this.info, options, { dryRun })),
      httpStatus,
      durationMs: closes ? this.durationMs : null,
      bytesIn: closes ? this.bytesIn : null,
      bytesOut: closes ? this.bytesOut : null,
      exitCode,
      actor: this.actor,
      clientIp: this.clientIp,
      cluster: this.#clusterAsNamed(),
      role: this.role,
      kubernetesGroups: entryGroups(this.kubernetesGroups, this.#redactor),
      impersonatedUser: this.impersonatedUser,
      impersonatedGroups: this.impersonatedGroups,
      accessMethod: this.accessMethod,
      tokenId: this.tokenId,
      grantId: this.grantId,
      grantOrigin: this.grantOrigin,
      namespace: words.namespace,
      verb: words.verb,
      apiGroup: words.apiGroup,
      resource: words.resource,
      resourceName: words.resourceName ?? nameOrNull(this.objectName, this.#redactor),
      clientName: words.clientName,
      userAgent: words.userAgent,
      // The shell's line is redacted already.
      command: shell === null ? words.command : (shell.command?.line ?? null),
      sessionId: shell === null ? words.sessionId : (shell.command?.id ?? null),
      projects: this.projects,
      departments: this.departments,
      nodePools: this.nodePools,
      recordingId: this.recordingId,
      tunnelAgent: this.carried?.agent ?? null,
      tunnelTag: this.carried?.tag ?? null,
      body: this.body,
      dryRun: dryRun || undefined,
      [WORDS]: words,
    };
  }

  /** Read once for all rows of the call. */
  #clientWords(): EntryWords {
    if (this.#words === null || this.#wordsOf !== this.info) {
      this.#wordsOf = this.info;
      this.#words = readClientWords(this.#request, this.info, this.#redactor);
    }
    return this.#words;
  }

  /** Of a long request the row keeps what it can, and says how long it was. */
  #message(message: string | null): string | null {
    const { length } = this.#request.url ?? "";
    if (length <= LONG_TARGET) return message === null ? null : this.#text(message, MAX_MESSAGE_BYTES);
    if (message === null) return `The request target has ${length} characters.`;
    const note = ` (request target: ${length} characters)`;
    return this.#text(message, MAX_MESSAGE_BYTES - note.length) + note;
  }

  /** Until it is known to be registered, a cluster's name is the client's word. */
  #clusterAsNamed(): KubeRequestEntry["cluster"] {
    const { cluster } = this;
    return cluster.id === "" ? { ...cluster, name: boundedName(cluster.name, this.#redactor) } : cluster;
  }

  #text(text: string, maxBytes: number): string {
    return boundedText(this.#redactor.redactText(text), maxBytes);
  }

  /** What the client asked for with --as and --as-group, kept also where it is refused. */
  setImpersonation(user: string, groups: readonly string[]): void {
    this.impersonatedUser = nameOrNull(user, this.#redactor);
    this.impersonatedGroups = groups.slice(0, MAX_GROUPS).map((group) => boundedName(group, this.#redactor));
  }
}

/** What an answer of the gateway's own says of the call. Discovery, versions and health are asked for without a resource. */
export function answeredCall({ callId, info }: CallRecord): AnsweredCall {
  return { auditId: callId, asText: info?.isResourceRequest === false };
}
