import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { decodeKubernetesProtobuf } from "../../wire/decode-kubernetes-protobuf.ts";
import type { EntryBody } from "../entry/entry.ts";
import { boundedText } from "../store/stored-text.ts";
import { type BodyFormat, bodyFormat, mediaTypeOf } from "./body-format.ts";
import { lastContainers, redactLastText } from "./cut-document.ts";
import { asksForDryRun, protobufAsksForDryRun, type RequestedChange } from "./dry-run.ts";
import { parseJsonPrefix } from "./json-prefix.ts";
import { MAX_KEPT_BYTES, writeKeptYaml } from "./kept-yaml.ts";
import { nameOfObject, nameOfProtobuf } from "./object-name.ts";
import { countYamlItems, MAX_YAML_ITEMS, parseYaml } from "./parse-yaml.ts";
import { protobufKind } from "./protobuf-kind.ts";
import { redactJsonPatch } from "./redact-json-patch.ts";
import { type RedactOptions, redactObject } from "./redact-object.ts";
import type { TextRedactor } from "./redact-text.ts";
import { hasRepeatedKey } from "./repeated-key.ts";
import { BODY_NOT_KEPT } from "./schema.ts";
import { UnsearchableError } from "./unsearchable-error.ts";

/** Most of a body that is held and searched for secrets, before and after decompression (bytes). */
export const SEARCH_WINDOW_BYTES = 262_144;
/** A body in YAML is searched up to here (UTF-16 units), and up to so many lines and items: it is slow to read. */
const YAML_WINDOW = 32_768;

export interface BodyCaptureOptions {
  contentType: string | null | undefined;
  contentEncoding: string | null | undefined;
  /** What the path says; `resource` may have its subresource (`pods/proxy`). */
  requestInfo: { resource: string | null; subresource?: string | null; verb?: string };
  /** Takes the administrator's patterns out of containers' commands; the built-in ones where it is left out. */
  redactor?: TextRedactor;
}

/** Takes note of a request body that streams by. */
export interface BodyCapture {
  /** Looks at the bytes and keeps no reference to them. */
  write(chunk: Uint8Array): void;
  /** What goes on the record: redacted YAML or a note; null where there was no body. Call it once. */
  finish(): EntryBody | null;
  /** `metadata.name` of the object in the body, once it is finished; null where there is none to be read. */
  objectName(): string | null;
  /** Whether the body says that nothing is to be changed, once it is finished; see `asksForDryRun`. */
  dryRun(): boolean;
}

/**
 * Captures a request body for the record with bounded memory: length and SHA-256 of all bytes as sent, and at most 4 KB of YAML
 * without the secrets. What cannot be searched for secrets (too large, broken, protobuf of an unknown kind, an application's own) leaves a note alone.
 */
export function createBodyCapture(options: BodyCaptureOptions): BodyCapture {
  const hash = createHash("sha256");
  // One buffer: a client may send a body byte by byte, and each piece of its own would take a hundred times its length.
  let held = Buffer.alloc(0);
  let bytes = 0;
  let finished = false;
  const found: Found = { name: null, dryRun: false };
  return {
    write(chunk) {
      hash.update(chunk);
      if (bytes < SEARCH_WINDOW_BYTES) {
        const end = Math.min(SEARCH_WINDOW_BYTES, bytes + chunk.byteLength);
        if (end > held.length) held = enlarged(held, bytes, end);
        // A copy: the stream may use its buffer again.
        held.set(chunk.subarray(0, end - bytes), bytes);
      }
      bytes += chunk.byteLength;
    },
    finish() {
      if (finished) throw new Error("finish: the body's capture is finished already");
      finished = true;
      if (bytes === 0) return null;
      const window = held.subarray(0, Math.min(bytes, SEARCH_WINDOW_BYTES));
      const body = { window, complete: bytes <= SEARCH_WINDOW_BYTES };
      held = Buffer.alloc(0);
      return { ...keptText(body, options, found), bytes, sha256: hash.digest("hex") };
    },
    objectName: () => found.name,
    dryRun: () => found.dryRun,
  };
}

/** A buffer of at least `length` bytes that begins with the first `filled` ones of another. */
function enlarged(held: Buffer, filled: number, length: number): Buffer<ArrayBuffer> {
  const larger = Buffer.allocUnsafe(Math.max(length, Math.min(SEARCH_WINDOW_BYTES, held.length * 2)));
  held.copy(larger, 0, 0, filled);
  return larger;
}

interface ReadOptions extends RedactOptions {
  change: RequestedChange;
}

interface HeldBody {
  window: Buffer;
  /** Whether the window is the whole body. */
  complete: boolean;
}

/** What reading the body tells beside its text. */
interface Found {
  name: string | null;
  dryRun: boolean;
}

type KeptText = Pick<EntryBody, "text" | "truncated">;

/** A YAML comment in place of the content. */
const note = (reason: string): KeptText => ({
  text: boundedText(`${BODY_NOT_KEPT}: ${reason}.\n`, MAX_KEPT_BYTES),
  truncated: true,
});

function keptText(body: HeldBody, options: BodyCaptureOptions, found: Found): KeptText {
  try {
    return searchableText(body, options, found);
  } catch (error) {
    if (error instanceof UnsearchableError) return note(error.message);
    // Too deep for the stack; nothing that was read may be kept.
    if (error instanceof RangeError) return note("it is nested too deeply");
    throw error;
  }
}

function searchableText(body: HeldBody, options: BodyCaptureOptions, found: Found): KeptText {
  const [resource, inlineSubresource] = (options.requestInfo.resource ?? "").split("/");
  const subresource = options.requestInfo.subresource ?? inlineSubresource;
  if (subresource === "proxy") return note("it went to an application behind the cluster's proxy");
  const format = bodyFormat(options.contentType);
  if (format === "opaque") {
    const mediaType = mediaTypeOf(options.contentType).slice(0, 100);
    return note(`${JSON.stringify(mediaType)} cannot be searched for secrets`);
  }
  const how = {
    secret: resource?.toLowerCase() === "secrets",
    redactor: options.redactor,
    change: { verb: options.requestInfo.verb, subresource },
  };
  const plain = ["", "identity"].includes((options.contentEncoding ?? "").trim().toLowerCase());
  if (plain && !body.complete && format !== "protobuf") return cutBody(body.window, format, how, found);
  const content = decode(body, options.contentEncoding);
  if (format === "protobuf") {
    found.name = nameOfProtobuf(content);
    found.dryRun = protobufAsksForDryRun(content, how.change);
    return keptProtobuf(content, body.complete, how);
  }
  return writeKeptYaml(redactedDocuments(content, format, how, found));
}

/** Protobuf of a kind that is built in is kept as if it were JSON; of any other its kind and size are told. */
function keptProtobuf(content: Buffer, complete: boolean, how: ReadOptions): KeptText {
  const decoded = decodeKubernetesProtobuf(content);
  if (!decoded) return note(`protobuf, ${protobufKind(content) ?? "of unknown kind"}`);
  const kept = writeKeptYaml([redactObject(decoded.value, how)]);
  return complete && decoded.complete ? kept : { ...kept, truncated: true };
}

const TOO_LARGE = `it is larger than the ${SEARCH_WINDOW_BYTES / 1024} KB that are searched for secrets`;

/** A body that is larger than the window: of JSON, the beginning can be kept; never of a Secret or a JSON patch. */
function cutBody(window: Buffer, format: BodyFormat, how: ReadOptions, found: Found): KeptText {
  const text = window.toString("utf8");
  if (format === "jsonPatch" || !/^\s*\{/.test(text)) throw new UnsearchableError(TOO_LARGE);
  const { value, open } = parseJsonPrefix(text);
  found.name = nameOfObject(value);
  if (how.secret) throw new UnsearchableError(TOO_LARGE);
  return { ...writeKeptYaml([redactObject(value, { ...how, open })]), truncated: true };
}

/** The bytes before `Content-Encoding`. */
function decode({ window, complete }: HeldBody, contentEncoding: string | null | undefined): Buffer {
  const encoding = (contentEncoding ?? "").trim().toLowerCase();
  if (encoding === "" || encoding === "identity") return window;
  if (!complete) throw new UnsearchableError(TOO_LARGE);
  if (encoding !== "gzip") throw new UnsearchableError("its encoding cannot be searched for secrets");
  try {
    return gunzipSync(window, { maxOutputLength: SEARCH_WINDOW_BYTES });
  } catch (error) {
    const bomb = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    throw new UnsearchableError(bomb ? `unpacked, ${TOO_LARGE}` : "it is not the gzip that it is said to be");
  }
}

function redactedDocuments(content: Buffer, format: BodyFormat, how: ReadOptions, found: Found): unknown[] {
  // Invalid UTF-8 becomes U+FFFD, as in kube-apiserver's own decoder.
  const text = content.toString("utf8");
  const json = parseJson(text);
  if (json === undefined) {
    if (format !== "yaml") throw new UnsearchableError("it is not valid JSON");
    return redactedYaml(text, how, found);
  }
  if (hasRepeatedKey(text, json)) throw new UnsearchableError("an object in it has a key twice");
  if (format !== "jsonPatch") {
    found.name = nameOfObject(json);
    found.dryRun = asksForDryRun(json, how.change);
    return [redactObject(json, how)];
  }
  if (!Array.isArray(json)) throw new UnsearchableError("it is not the JSON patch that it is said to be");
  return [redactJsonPatch(json, how)];
}

/** What says that it is YAML is often JSON (kubectl apply --server-side), which is tried first as it is read faster. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** YAML that a leaving client cut short is still valid YAML: its last document may lack its end. */
function redactedYaml(text: string, how: ReadOptions, found: Found): unknown[] {
  if (text.length > YAML_WINDOW || countYamlItems(text) > MAX_YAML_ITEMS) {
    const most = `${YAML_WINDOW / 1024} KB or ${MAX_YAML_ITEMS.toLocaleString("en")} lines and items`;
    throw new UnsearchableError(`YAML of more than ${most} is not searched for secrets`);
  }
  const documents = parseYaml(text);
  if (!documents) throw new UnsearchableError("it is not valid YAML");
  found.name = nameOfObject(documents[0]);
  found.dryRun = asksForDryRun(documents[0], how.change);
  redactLastText(documents);
  const open = lastContainers(documents);
  return documents.map((document) => redactObject(document, { ...how, open }));
}
