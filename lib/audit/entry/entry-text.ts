import { detachedText } from "../../detached-text.ts";
import type { EntryBody, KubeRequestEntry } from "./entry.ts";

/** What a client says of its call, which all entries of the call have in common, and its text once it has been made. */
export interface EntryWords
  extends Readonly<
    Pick<
      KubeRequestEntry,
      | "namespace"
      | "verb"
      | "apiGroup"
      | "resource"
      | "resourceName"
      | "clientName"
      | "userAgent"
      | "command"
      | "sessionId"
    >
  > {
  json: string | null;
}

/** Where an entry has the words that it was made of, for those that make its text: no part of the entry. */
export const WORDS: unique symbol = Symbol("words");

export type EntryOfCall = KubeRequestEntry & { readonly [WORDS]?: EntryWords };

/**
 * The JSON of an entry: the text that `JSON.stringify` gives of one whose fields stand in this order, as a call's own record makes them, in less time. What
 * many entries have in common (who called, as whom, where to; the words of a call) is made into text once, and used again only where every value in
 * it is the same.
 */
export function entryText(entry: EntryOfCall): string {
  return (
    `{"callId":${text(entry.callId)},"stage":"${entry.stage}","executedAt":${number(entry.executedAt)},"result":"${entry.result}` +
    `","message":${text(entry.message)},"httpStatus":${number(entry.httpStatus)},"durationMs":${number(entry.durationMs)}` +
    `,"bytesIn":${number(entry.bytesIn)},"bytesOut":${number(entry.bytesOut)},"exitCode":${number(entry.exitCode)}` +
    callerText(entry) +
    wordsText(entry) +
    `,"projects":${list(entry.projects)},"departments":${list(entry.departments)},"nodePools":${list(entry.nodePools)}` +
    rareText(entry)
  );
}

/** Who called, as whom and by what right, and its text. */
interface CallerText
  extends Readonly<
    Pick<
      KubeRequestEntry,
      | "cluster"
      | "kubernetesGroups"
      | "clientIp"
      | "role"
      | "tokenId"
      | "grantId"
      | "grantOrigin"
      | "accessMethod"
    >
  > {
  readonly json: string;
}

/** So many of one caller: clusters, grants, addresses. */
const MOST_OF_CALLER = 8;
/** By the caller's own object, with which they are forgotten. */
const callers = new WeakMap<KubeRequestEntry["actor"], CallerText[]>();

function callerText(entry: KubeRequestEntry): string {
  const known = callers.get(entry.actor);
  const same = known?.find((each) => isSameCaller(each, entry));
  if (same !== undefined) return same.json;
  const json = makeCallerText(entry);
  if (!isFixed(entry)) return json;
  const { cluster, kubernetesGroups, role, tokenId, grantId, grantOrigin, accessMethod } = entry;
  const clientIp = entry.clientIp === null ? null : detachedText(entry.clientIp);
  const made = {
    cluster,
    kubernetesGroups,
    clientIp,
    role,
    tokenId,
    grantId,
    grantOrigin,
    accessMethod,
    json,
  };
  callers.set(entry.actor, [made, ...(known ?? [])].slice(0, MOST_OF_CALLER));
  return json;
}

/** Whether what is compared by being the same object can never have other values. Whoever stands in for another is not kept: the name is the client's word. */
function isFixed(entry: KubeRequestEntry): boolean {
  const { actor, cluster, kubernetesGroups, impersonatedUser, impersonatedGroups } = entry;
  if (impersonatedUser !== null || impersonatedGroups.length > 0) return false;
  return Object.isFrozen(actor) && Object.isFrozen(cluster) && Object.isFrozen(kubernetesGroups);
}

function isSameCaller(known: CallerText, entry: KubeRequestEntry): boolean {
  return (
    known.cluster === entry.cluster &&
    known.kubernetesGroups === entry.kubernetesGroups &&
    known.clientIp === entry.clientIp &&
    known.role === entry.role &&
    known.tokenId === entry.tokenId &&
    known.grantId === entry.grantId &&
    known.grantOrigin === entry.grantOrigin &&
    known.accessMethod === entry.accessMethod &&
    entry.impersonatedUser === null &&
    entry.impersonatedGroups.length === 0
  );
}

function makeCallerText(entry: KubeRequestEntry): string {
  return (
    `,"actor":${JSON.stringify(entry.actor)},"clientIp":${text(entry.clientIp)},"cluster":${JSON.stringify(entry.cluster)}` +
    `,"role":${text(entry.role)},"kubernetesGroups":${JSON.stringify(entry.kubernetesGroups)}` +
    `,"impersonatedUser":${text(entry.impersonatedUser)},"impersonatedGroups":${JSON.stringify(entry.impersonatedGroups)}` +
    `,"accessMethod":${text(entry.accessMethod)},"tokenId":${text(entry.tokenId)},"grantId":${text(entry.grantId)}` +
    `,"grantOrigin":${text(entry.grantOrigin)}`
  );
}

function wordsText(entry: EntryOfCall): string {
  const words = entry[WORDS];
  if (words === undefined || !isOfWords(entry, words)) return makeWordsText(entry);
  words.json ??= makeWordsText(entry);
  return words.json;
}

function isOfWords(entry: KubeRequestEntry, words: EntryWords): boolean {
  return (
    entry.namespace === words.namespace &&
    entry.verb === words.verb &&
    entry.apiGroup === words.apiGroup &&
    entry.resource === words.resource &&
    entry.resourceName === words.resourceName &&
    entry.clientName === words.clientName &&
    entry.userAgent === words.userAgent &&
    entry.command === words.command &&
    entry.sessionId === words.sessionId
  );
}

function makeWordsText(entry: KubeRequestEntry): string {
  return (
    `,"namespace":${text(entry.namespace)},"verb":${text(entry.verb)},"apiGroup":${text(entry.apiGroup)}` +
    `,"resource":${text(entry.resource)},"resourceName":${text(entry.resourceName)},"clientName":${text(entry.clientName)}` +
    `,"userAgent":${text(entry.userAgent)},"command":${text(entry.command)},"sessionId":${text(entry.sessionId)}`
  );
}

const NOTHING_RARE = ',"recordingId":null,"tunnelAgent":null,"tunnelTag":null,"body":null}';

/** What few entries have, and the end. */
function rareText({ recordingId, tunnelAgent, tunnelTag, body, dryRun }: KubeRequestEntry): string {
  if (
    recordingId === null &&
    tunnelAgent === null &&
    tunnelTag === null &&
    body === null &&
    dryRun === undefined
  ) {
    return NOTHING_RARE;
  }
  return (
    `,"recordingId":${text(recordingId)},"tunnelAgent":${text(tunnelAgent)},"tunnelTag":${text(tunnelTag)}` +
    `,"body":${bodyText(body)}${dryRun === undefined ? "" : `,"dryRun":${dryRun}`}}`
  );
}

/** ASCII in which JSON escapes nothing. */
const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

function text(value: string | null): string {
  if (value === null) return "null";
  return typeof value === "string" && PLAIN.test(value) ? `"${value}"` : jsonOf(value);
}

function number(value: number | null): string {
  if (value === null) return "null";
  return Number.isFinite(value) && !Object.is(value, -0) ? `${value}` : jsonOf(value);
}

/** Also of what has not the type that it should, which is for the writer to refuse, and not to be lost here. */
const jsonOf = (value: unknown): string => JSON.stringify(value) ?? "null";

const bodyText = (value: EntryBody | null): string => (value === null ? "null" : JSON.stringify(value));

const lists = new WeakMap<readonly string[], string>();

/** A list that is frozen is never another. */
function list(values: readonly string[]): string {
  if (values.length === 0) return "[]";
  const known = lists.get(values);
  if (known !== undefined) return known;
  const made = JSON.stringify(values);
  if (Object.isFrozen(values)) lists.set(values, made);
  return made;
}

type Written =
  | keyof EntryWords
  | "callId"
  | "stage"
  | "executedAt"
  | "result"
  | "message"
  | "httpStatus"
  | "durationMs"
  | "bytesIn"
  | "bytesOut"
  | "exitCode"
  | "actor"
  | "clientIp"
  | "cluster"
  | "role"
  | "kubernetesGroups"
  | "impersonatedUser"
  | "impersonatedGroups"
  | "accessMethod"
  | "tokenId"
  | "grantId"
  | "grantOrigin"
  | "projects"
  | "departments"
  | "nodePools"
  | "recordingId"
  | "tunnelAgent"
  | "tunnelTag"
  | "body"
  | "dryRun";

/** Fails to compile where an entry has a field that the text above lacks. */
true satisfies [Exclude<keyof KubeRequestEntry, Written>] extends [never] ? true : false;
