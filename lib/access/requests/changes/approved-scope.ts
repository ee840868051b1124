import type { Transaction } from "../../../db/client.ts";
import { AppError } from "../../../errors.ts";
import { findScope, type GrantScope } from "../../grants/scope.ts";
import type { AccessRequestView, ApproveAccessRequestInput } from "../schema.ts";

type Less = Pick<ApproveAccessRequestInput, "cluster" | "namespaces" | "durationMs">;

/**
 * What an approver gives: what was asked for, or less.
 * @throws AppError `invalid_argument` of the field that would be more; `conflict` where what it was asked for is gone.
 */
export async function approvedScope(
  tx: Transaction,
  request: AccessRequestView,
  given: Less,
): Promise<{ scope: GrantScope; durationMs: number }> {
  const { durationMs = request.durationMs } = given;
  if (durationMs > request.durationMs)
    refuse("durationMs", durationMs, `at most what was asked for, ${request.durationMs}`);
  const scope = request.project
    ? await askedProject(tx, request, given)
    : await lessOfCluster(tx, request, given);
  return { scope, durationMs };
}

async function askedProject(
  tx: Transaction,
  { project }: AccessRequestView,
  { cluster, namespaces }: Less,
): Promise<GrantScope> {
  if (cluster !== undefined) refuse("cluster", cluster, "nothing: a project was asked for");
  if (namespaces !== undefined)
    refuse("namespaces", namespaces.join(", "), "nothing: a project was asked for");
  return orGone(findScope(tx, { project: project!.id, namespaces: [] }), `The project ${project!.name}`);
}

async function lessOfCluster(tx: Transaction, request: AccessRequestView, given: Less): Promise<GrantScope> {
  const { cluster: asked } = request;
  const { namespaces = request.namespaces } = given;
  const beyond = namespaces.filter((name) => !request.namespaces.includes(name));
  const widens = request.namespaces.length > 0 && (namespaces.length === 0 || beyond.length > 0);
  if (widens)
    refuse("namespaces", namespaces.join(", ") || "every one", `some of ${request.namespaces.join(", ")}`);
  if (given.cluster === undefined)
    return orGone(findScope(tx, { cluster: asked?.id ?? null, namespaces }), `The cluster ${asked?.name}`);
  const scope = await findScope(tx, { cluster: given.cluster, namespaces });
  if (asked !== null && asked.id !== scope.cluster?.id)
    refuse("cluster", given.cluster, `what was asked for, ${asked.name}`);
  return scope;
}

/** What was there when it was asked for. */
async function orGone(found: Promise<GrantScope>, what: string): Promise<GrantScope> {
  try {
    return await found;
  } catch (cause) {
    if (!(cause instanceof AppError) || cause.code !== "invalid_argument") throw cause;
    throw new AppError("conflict", `${what} is not there any more: refuse the request.`, { cause });
  }
}

function refuse(field: string, got: string | number, takes: string): never {
  throw new AppError("invalid_argument", `${field}: got ${got}; takes ${takes}`, {
    details: [{ field, got: String(got), takes }],
  });
}
