import { readFileSync } from "node:fs";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Cluster } from "../../../prisma/generated/client.ts";
import { config } from "../../config.ts";
import type { Context } from "../../context.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { log } from "../../log.ts";
import type { ClusterCredential } from "../credentials/schema.ts";
import { openCredential } from "../credentials/sealed.ts";
import { registeredCluster } from "../data.ts";
import { checkReach } from "../endpoint.ts";
import { examineCluster } from "../health/examine.ts";
import { registerCluster, updateCluster } from "../mutations.ts";
import { RegisterClusterInput } from "../schema.ts";
import { type ReadContext, readKubeconfig } from "./read.ts";
import type { ImportedCluster } from "./schema.ts";

/** The text of a kubeconfig, or, for the system alone, the path of one: it may name files and programs of this machine. */
export type KubeconfigSource = { text: string } | { file: string };

/**
 * Registers every context of a kubeconfig as a cluster; one that is registered by that name is brought up to date. A context that
 * cannot be taken is reported and does not stop the others. Each that was taken is tried, once.
 * @throws AppError `invalid_argument` where the text is no kubeconfig or the file cannot be read.
 */
export async function importKubeconfig({
  ctx,
  input,
}: {
  ctx: Context;
  input: KubeconfigSource;
}): Promise<ImportedCluster[]> {
  const contexts =
    "text" in input ? readKubeconfig(input.text, { directory: null }) : readFile(ctx, input.file);
  const imported: ImportedCluster[] = [];
  for (const each of contexts) imported.push(await importContext(ctx, each));
  return Promise.all(imported.map(tryImported));
}

async function tryImported(imported: ImportedCluster): Promise<ImportedCluster> {
  if (imported.outcome === "refused") return imported;
  const where = { name: imported.name, removedAt: null };
  const row = await database().cluster.findFirst({ where });
  if (!row) return imported;
  const { findings } = await examineCluster(registeredCluster(row));
  const [worst] = findings.filter(({ severity }) => severity !== "warning");
  return { ...imported, problem: worst?.problem ?? null };
}

function readFile(ctx: Context, file: string): ReadContext[] {
  if (ctx.actor.kind !== "system")
    throw new AppError("permission_denied", "Send the kubeconfig's text, not a path.");
  const found = path.resolve(file);
  let text: string;
  try {
    text = readFileSync(found, "utf8");
  } catch (cause) {
    const message = `kubeconfig: got ${JSON.stringify(file)}; takes the path of a file that can be read`;
    throw new AppError("invalid_argument", message, { cause });
  }
  return readKubeconfig(text, { directory: path.dirname(found) });
}

const REFUSED = { outcome: "refused", problem: null } as const;

async function importContext(ctx: Context, read: ReadContext): Promise<ImportedCluster> {
  const { context, name } = read;
  if ("refused" in read) return { ...REFUSED, context, name, reason: read.refused };
  try {
    return { context, name, outcome: await store(ctx, read.cluster), reason: null, problem: null };
  } catch (error) {
    if (!(error instanceof AppError) || error.code === "permission_denied") throw error;
    return { ...REFUSED, context, name, reason: error.message };
  }
}

async function store(ctx: Context, input: RegisterClusterInput): Promise<ImportedCluster["outcome"]> {
  const parsed = RegisterClusterInput.safeParse(input);
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`);
    throw new AppError("invalid_argument", issues.join("; "));
  }
  const known = await database().cluster.findFirst({ where: { name: parsed.data.name, removedAt: null } });
  if (!known) {
    await registerCluster({ ctx, input: parsed.data });
    return "registered";
  }
  const { certificateAuthority, tlsServerName, insecureSkipTlsVerify } = known;
  const before = {
    name: known.name,
    endpoint: known.endpoint,
    certificateAuthority,
    tlsServerName,
    insecureSkipTlsVerify,
    credential: knownCredential(known),
  };
  // A kubeconfig says nothing of labels, nor of a tunnel.
  const { labels: _, connection: _1, agentTag: _2, tunnelCredential: _3, ...given } = parsed.data;
  const reach = { ...given, connection: known.connection };
  const after = { ...given, endpoint: await checkReach(reach, config().clusters) };
  if (isDeepStrictEqual(before, after)) return "unchanged";
  await updateCluster({ ctx, input: { id: known.id, ...after } });
  return "updated";
}

/** The stored credential; null where it cannot be opened: the one that comes now replaces it. */
function knownCredential(known: Cluster): ClusterCredential | null {
  try {
    return known.credential && openCredential(known, known.credential);
  } catch (error) {
    log.warn({ err: error, cluster: known.name }, "the stored credential is replaced");
    return null;
  }
}
