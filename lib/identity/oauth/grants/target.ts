import { listOwnClusters } from "../../../clusters/data.ts";
import type { Context } from "../../../context.ts";
import { database } from "../../../db/connection.ts";
import { TokenRequestError } from "../../application-tokens/token-request.ts";
import { actingAs, WITH_GROUPS } from "../../people/data.ts";
import { hashCredential } from "../../tokens/format.ts";
import type { CommandLineGrant } from "./read-grant.ts";
import { familyHashOf } from "./refresh-token.ts";

const PREFIX = "urn:kubewitness:cluster:";
const TAKES = `resource takes ${PREFIX}NAME, with the name of a registered cluster`;

/** The cluster that a token is to count for alone; null: for the API and every cluster. Why it is given for none is told once who asks is known to have the right to ask. */
export type Target = { id: string; name: string } | null | TokenRequestError;

/**
 * The cluster that a token is asked for (RFC 8707, section 2), one that a grant of the person reaches now. Looked up before the transaction of the grant begins: one
 * that holds a connection and waits for a second could keep all others waiting for theirs.
 */
export async function findTarget(ctx: Context, grant: CommandLineGrant): Promise<Target> {
  const { resource } = grant;
  if (resource === undefined) return null;
  const name = resource.startsWith(PREFIX) ? resource.slice(PREFIX.length) : "";
  if (name === "" || name.length > 63) return new TokenRequestError("invalid_target", TAKES);
  const person = await findOwner(grant);
  const reached = person === null ? [] : await listOwnClusters({ ctx: actingAs(ctx, person) });
  const found = reached.find((cluster) => cluster.name === name);
  if (found !== undefined) return { id: found.id, name: found.name };
  return new TokenRequestError(
    "invalid_target",
    `${TAKES}; there is none of that name, or no grant of yours reaches it.`,
  );
}

/** Whose a grant is, whatever it is worth; null where it is nobody's, or nobody has answered yet. */
async function findOwner(grant: CommandLineGrant) {
  const id = await findOwnerId(grant);
  return id === null ? null : database().user.findUnique({ where: { id }, include: WITH_GROUPS });
}

async function findOwnerId(grant: CommandLineGrant): Promise<string | null> {
  const { authorizationCode, commandLineLogin, deviceRequest } = database();
  const select = { userId: true } as const;
  if (grant.kind === "authorization_code") {
    const where = { codeHash: hashCredential(grant.code) };
    return (await authorizationCode.findUnique({ where, select }))?.userId ?? null;
  }
  if (grant.kind === "device_code") {
    const where = { deviceCodeHash: hashCredential(grant.deviceCode) };
    return (await deviceRequest.findUnique({ where, select }))?.userId ?? null;
  }
  const familyHash = familyHashOf(grant.refreshToken);
  if (familyHash === null) return null;
  return (await commandLineLogin.findUnique({ where: { familyHash }, select }))?.userId ?? null;
}
