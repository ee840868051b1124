import { randomUUID, X509Certificate } from "node:crypto";
import type { TunnelAuthority } from "../../../prisma/generated/client.ts";
import { config } from "../../config.ts";
import { inTransaction, type Transaction } from "../../db/client.ts";
import { database } from "../../db/connection.ts";
import { AppError } from "../../errors.ts";
import { type Authority, createAuthority } from "../../pki/issue-certificate.ts";
import { openSealedText, sealAnew, sealText } from "../../pki/seal.ts";
import { processState } from "../../process-state.ts";

/** An authority that has less left signs no more: what it signed counts to its own end. */
const LEAST_LEFT_MS = 2 * 365 * 86_400_000;
const contextOf = (id: string) => `tunnel-authority/${id}`;

/** What proves agents: all that signed for them and have not ended. */
export interface KnownAuthorities {
  certificates: readonly X509Certificate[];
  /** Whom agents prove themselves to; stays as it is for ever. Null before the first has joined. */
  audience: string | null;
}

const state = processState("tunnels/authorities", () => ({
  known: { certificates: [], audience: null } as KnownAuthorities,
}));

/** The authorities, from memory: as they were when they were last read. */
export const knownAuthorities = (): KnownAuthorities => state.known;

/** Reads the authorities into memory. */
export async function readAuthorities(): Promise<KnownAuthorities> {
  const rows = await database().tunnelAuthority.findMany({ orderBy: { createdAt: "asc" } });
  const now = Date.now();
  const counting = rows.filter(({ endsAt }) => endsAt.getTime() > now);
  state.known = {
    certificates: counting.map(({ certificate }) => new X509Certificate(certificate)),
    audience: rows[0] ? `kubewitness:agents:${rows[0].id}` : null,
  };
  return state.known;
}

/** Whom this installation's agents prove themselves to; not an address, which may become another. */
export async function agentAudience(): Promise<string> {
  const audience = state.known.audience ?? (await readAuthorities()).audience;
  if (audience === null) throw new AppError("unavailable", "No agent has joined this installation.");
  return audience;
}

/**
 * The authority that signs agents' certificates, made when it is first needed. It is kept in the database and not in the data folder, as that of the gateway's
 * port is: an agent that joined at one replica is known to all.
 */
export async function signingAuthority(): Promise<Authority> {
  const newest = await findNewest(database());
  const row = lasts(newest) ? newest : await makeAuthority();
  const key = openSealedText({ ...config().encryption, context: contextOf(row.id), sealed: row.key });
  return { certificate: row.certificate, key };
}

/** The key, sealed with the key that seals now; null where it was already. */
export function sealAuthorityKeyAnew({ id, key }: TunnelAuthority): Uint8Array<ArrayBuffer> | null {
  return sealAnew({ ...config().encryption, context: contextOf(id), sealed: key });
}

const findNewest = (tx: Pick<Transaction, "tunnelAuthority">) =>
  tx.tunnelAuthority.findFirst({ orderBy: { createdAt: "desc" } });

const lasts = (row: TunnelAuthority | null): row is TunnelAuthority =>
  row !== null && row.endsAt.getTime() - Date.now() > LEAST_LEFT_MS;

/** Replicas that need one at the same time make one. */
async function makeAuthority(): Promise<TunnelAuthority> {
  const made = await inTransaction(database(), async (tx) => {
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended('kubewitness/tunnel-authority', 0))`;
    const newest = await findNewest(tx);
    if (lasts(newest)) return newest;
    const id = randomUUID();
    const { certificate, key } = await createAuthority(`Kubewitness agents ${id}`);
    const sealed = sealText({ key: config().encryption.key, context: contextOf(id), text: key });
    const endsAt = new X509Certificate(certificate).validToDate;
    return tx.tunnelAuthority.create({ data: { id, certificate, key: sealed, endsAt } });
  });
  await readAuthorities();
  return made;
}
