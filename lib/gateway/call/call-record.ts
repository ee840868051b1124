import { type IncomingMessage, METHODS } from "node:http";
import { validate as isUuid } from "uuid";
import type { GrantOrigin } from "../../access/policy/schema.ts";
import type { EntryActor, EntryBody, KubeRequestEntry, Stage } from "../../audit/entry/entry.ts";
import type { TextRedactor } from "../../audit/redaction/redact-text.ts";
import { boundedText } from "../../audit/store/stored-text.ts";
import type { Transport } from "../../clusters/transports/transport.ts";
import type { Actor } from "../../context.ts";
import type { AnsweredCall } from "../answer/refusal.ts";
import { clientName } from "../request/client-name.ts";
import { headerOf } from "../request/raw-headers.ts";
import { type RequestInfo, resourceText } from "../request/request-info.ts";
import type { ShellCall } from "../request/shell-call.ts";
import { describeWriteOptions, isDryRun, writeOptions } from "../request/write-options.ts";
import { newCallId } from "./call-id.ts";
import { type Fate, NOT_SENT } from "./fate.ts";

const MAX_MESSAGE_BYTES = 1024;
const MAX_NAME_BYTES = 512;
const MAX_COMMAND_BYTES = 4096;
const MAX_USER_AGENT_BYTES = 512;
const MAX_GROUPS = 64;
/** From how many characters on a row says how long the request target was: the texts of the row are cut. */
const LONG_TARGET = 8_192;

const ANONYMOUS: EntryActor = { kind: "anonymous", id: "", name: "", email: "" };
const UNKNOWN_CLUSTER = { id: "", name: "", endpoint: "" };

/** How a call stands when a row is written. Message and exit code are null where there is none. */
export interface CallOutcome {
  stage: Stage;
  result: "success" | "failure";
  message: string | null;
  httpStatus: number | null;
  exitCode?: number | null;
}

type CommandOfCall = Pick<KubeRequestEntry, "command" | "sessionId">;

export interface CallRecordInput {
  request: IncomingMessage;
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
  kubernetesGroups: string[] = [];
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
  readonly #request: IncomingMessage;
  readonly #redactor: TextRedactor;
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
  entry(outcome: CallOutcome): KubeRequestEntry {
    const { info } = this;
    const options = writeOptions(info, this.query);
    const dryRun = isDryRun(info, options, { sent: this.body !== null, dryRun: this.dryRunInBody });
    const message =
      outcome.message ?? (info === null ? null : describeWriteOptions(info, options, { dryRun }));
    const closes = outcome.stage === "complete" || outcome.stage === "end";
    const agent = this.#client();
    return {
      callId: this.callId,
      stage: outcome.stage,
      executedAt: outcome.stage === "end" ? Date.now() : this.startedAt,
      result: outcome.result,
      actor: this.actor,
      clientIp: this.clientIp,
      cluster: this.#clusterAsNamed(),
      role: this.role,
      namespace: this.#nameOrNull(info?.namespace),
      verb: info?.verb || methodOf(this.#request),
      apiGroup: info?.isResourceRequest ? this.#name(info.apiGroup) : null,
      resource: info === null ? null : this.#name(resourceText(info)),
      resourceName: this.#nameOrNull(info?.name || (this.objectName ?? "")),
      message: this.#message(message),
      httpStatus: outcome.httpStatus,
      durationMs: closes ? this.durationMs : null,
      bytesIn: closes ? this.bytesIn : null,
      bytesOut: closes ? this.bytesOut : null,
      exitCode: outcome.exitCode ?? null,
      // With --as-group they are the client's words.
      kubernetesGroups: this.kubernetesGroups.map((group) => this.#redactor.redactText(group)),
      impersonatedUser: this.impersonatedUser,
      impersonatedGroups: this.impersonatedGroups,
      clientName: agent.name,
      userAgent: agent.userAgent,
      accessMethod: this.accessMethod,
      ...(this.shell === null ? this.#claimed() : ofShell(this.shell)),
      tokenId: this.tokenId,
      recordingId: this.recordingId,
      grantId: this.grantId,
      grantOrigin: this.grantOrigin,
      tunnelAgent: null,
      tunnelTag: null,
      projects: this.projects,
      departments: this.departments,
      nodePools: this.nodePools,
      body: this.body,
      ...(dryRun && { dryRun }),
    };
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
    return this.cluster.id === "" ? { ...this.cluster, name: this.#name(this.cluster.name) } : this.cluster;
  }

  /** The User-Agent; where it holds a secret, no name is read from it, which could be the secret's beginning. */
  #client(): { name: string | null; userAgent: string | null } {
    const sent = headerOf(this.#request, "user-agent");
    if (sent === null) return { name: null, userAgent: null };
    const redacted = this.#redactor.redactText(sent);
    return {
      name: redacted === sent ? clientName(sent) : null,
      userAgent: boundedText(redacted, MAX_USER_AGENT_BYTES),
    };
  }

  #name(text: string): string {
    return this.#text(text, MAX_NAME_BYTES);
  }

  #nameOrNull(text: string | undefined): string | null {
    return text === undefined || text === "" ? null : this.#name(text);
  }

  #text(text: string, maxBytes: number): string {
    return boundedText(this.#redactor.redactText(text), maxBytes);
  }

  /** What kubectl says of the command behind the call. */
  #claimed(): CommandOfCall {
    const command = headerOf(this.#request, "kubectl-command");
    const sessionId = headerOf(this.#request, "kubectl-session");
    return {
      command: command === null ? null : this.#commandLine(command),
      sessionId: sessionId !== null && isUuid(sessionId) ? sessionId.toLowerCase() : null,
    };
  }

  #commandLine(command: string): string {
    return boundedText(this.#redactor.redactArguments([command])[0] ?? "", MAX_COMMAND_BYTES);
  }

  /** What the client asked for with --as and --as-group, kept also where it is refused. */
  setImpersonation(user: string, groups: readonly string[]): void {
    this.impersonatedUser = this.#nameOrNull(user);
    this.impersonatedGroups = groups.slice(0, MAX_GROUPS).map((group) => this.#name(group));
  }
}

/** What is no HTTP may name anything as its method. */
function methodOf({ method = "" }: IncomingMessage): string {
  return METHODS.includes(method.toUpperCase()) ? method.toLowerCase() : "unknown";
}

/** The line is redacted already. */
function ofShell({ command }: ShellCall): CommandOfCall {
  return { command: command?.line ?? null, sessionId: command?.id ?? null };
}

/** The actor as the record names it. */
export function entryActor(actor: Actor): EntryActor {
  switch (actor.kind) {
    case "user":
      return { kind: "user", id: actor.id, name: actor.name, email: actor.email };
    case "application":
      return { kind: "application", id: actor.id, name: actor.name, email: "" };
    case "system":
      return { kind: "system", id: "", name: actor.name, email: "" };
    case "anonymous":
      return actor.claimed === undefined ? ANONYMOUS : { ...ANONYMOUS, name: actor.claimed };
  }
}

/** What an answer of the gateway's own says of the call. Discovery, versions and health are asked for without a resource. */
export function answeredCall({ callId, info }: CallRecord): AnsweredCall {
  return { auditId: callId, asText: info?.isResourceRequest === false };
}
