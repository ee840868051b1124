import { createTwoFilesPatch } from "diff";
import { stringify } from "yaml";
import type { AllowedCommand } from "../../kubectl/allowed-command.ts";
import { LineRefusal } from "../../line/line-refusal.ts";
import type { LineContext } from "./line-context.ts";
import type { Sink } from "./run-with-pipes.ts";
import { captureKubectl } from "./start-kubectl.ts";
import { untilAborted } from "./until-aborted.ts";

const MOST_INPUT_BYTES = 4 * 1024 * 1024;
/** Lines that may differ before a comparison is given up: it runs in the gateway's own process, a little at a time. */
const MOST_EDITS = 2_000;
const ASKS = ["namespace", "as", "as-group", "as-uid", "request-timeout"];
const APPLIES = [...ASKS, "field-manager", "server-side", "force-conflicts"];

interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; managedFields?: unknown };
  data?: Record<string, unknown>;
}

/**
 * `kubectl diff` without a differ of the host: what is there against what the cluster would make of the manifest (`apply
 * --dry-run=server`), object by object. Values of Secrets are masked, as kubectl does. Exit code 1 where they differ, as diff's.
 */
export async function diffObjects(
  command: AllowedCommand,
  {
    context,
    input,
    output,
    signal,
  }: { context: LineContext; input: AsyncIterable<Buffer> | null; output: Sink; signal: AbortSignal },
): Promise<number> {
  if (input === null) throw new LineRefusal("diff needs a file after -f, or something that comes by |");
  const manifest = await readAll(input);
  const flags = (names: string[]) =>
    command.flags.filter(({ name }) => names.includes(name)).map(({ name, value }) => `--${name}=${value}`);
  const ask = async (args: string[]) =>
    captureKubectl(context, [...args, "--filename=-", "--output=json"], { input: manifest, signal });
  const live = await ask(["get", "--ignore-not-found=true", ...flags(ASKS)]);
  if (live.exitCode !== 0) return live.exitCode + 1;
  const merged = await ask(["apply", "--dry-run=server", ...flags(APPLIES)]);
  if (merged.exitCode !== 0) return merged.exitCode + 1;
  const before = new Map(objectsOf(live.text).map((object) => [nameOf(object), object]));
  let differs = false;
  for (const object of objectsOf(merged.text)) {
    const comparing = compare(nameOf(object), before.get(nameOf(object)), object);
    const patch = await untilAborted(comparing, signal);
    if (patch === null) continue;
    differs = true;
    await output(Buffer.from(patch));
  }
  return differs ? 1 : 0;
}

async function readAll(input: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of input) {
    bytes += chunk.length;
    if (bytes > MOST_INPUT_BYTES)
      throw new LineRefusal(`diff takes at most ${MOST_INPUT_BYTES / 2 ** 20} MiB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function objectsOf(text: string): KubernetesObject[] {
  if (text.trim() === "") return [];
  const answer = JSON.parse(text) as { kind: string; items?: KubernetesObject[] };
  return answer.kind === "List" ? (answer.items ?? []) : [answer as KubernetesObject];
}

const nameOf = ({ apiVersion, kind, metadata: { namespace, name } }: KubernetesObject) =>
  [apiVersion, kind, namespace, name].filter(Boolean).join("/");

function compare(
  name: string,
  before: KubernetesObject | undefined,
  after: KubernetesObject,
): Promise<string | null> {
  const [left, right] = masked(before, after).map((object) => (object ? stringify(comparable(object)) : ""));
  if (left === right) return Promise.resolve(null);
  return new Promise((resolve) => {
    createTwoFilesPatch(`live/${name}`, `merged/${name}`, left!, right!, "", "", {
      ...{ context: 3, maxEditLength: MOST_EDITS },
      // With a callback others have their turn between its steps.
      callback: (patch) => resolve(patch ?? `${name} differs in more than ${MOST_EDITS} lines\n`),
    });
  });
}

/** Without what changes by itself. */
function comparable({ metadata, ...rest }: KubernetesObject): object {
  const { managedFields: _managed, ...kept } = metadata as Record<string, unknown> & {
    managedFields?: unknown;
  };
  return { ...rest, metadata: { ...kept, resourceVersion: undefined, generation: undefined } };
}

function masked(
  before: KubernetesObject | undefined,
  after: KubernetesObject,
): (KubernetesObject | undefined)[] {
  if (after.kind !== "Secret") return [before, after];
  const mask = (object: KubernetesObject, other: KubernetesObject | undefined, when: string) => ({
    ...object,
    data: Object.fromEntries(
      Object.entries(object.data ?? {}).map(([key, value]) => [
        key,
        other && other.data?.[key] !== undefined && other.data[key] !== value ? `*** (${when})` : "***",
      ]),
    ),
    metadata: withoutLastApplied(object.metadata),
  });
  return [before && mask(before, after, "before"), mask(after, before, "after")];
}

/** The annotation has the values, too. */
function withoutLastApplied(metadata: KubernetesObject["metadata"]): KubernetesObject["metadata"] {
  const { annotations, ...rest } = metadata as typeof metadata & { annotations?: Record<string, string> };
  const { "kubectl.kubernetes.io/last-applied-configuration": _applied, ...kept } = annotations ?? {};
  return Object.keys(kept).length > 0 ? ({ ...rest, annotations: kept } as typeof metadata) : rest;
}
