import type { z } from "zod";
import { onPrisma } from "../../../audit/store/sql.ts";
import type { Actor } from "../../../context.ts";
import type { Transaction } from "../../../db/client.ts";
import { AppError } from "../../../errors.ts";
import { findRole } from "../../grants/references.ts";
import { findScope, type GrantScope } from "../../grants/scope.ts";
import { holdsAnyRole } from "../rights/holds-role.ts";
import { mayTakeAtOnce, type RequestRules, readRequestRules } from "../rights/request-rules.ts";
import type { CreateAccessRequestInput, RequestKind } from "../schema.ts";

export interface WantedAccess {
  kind: RequestKind;
  role: { id: string; name: string };
  scope: GrantScope;
  durationMs: number;
}

/**
 * What a person asks for, looked up.
 * @throws AppError `invalid_argument` that names the field: a role or cluster that is not known, a role that may not be asked for so, a
 * time that is too long.
 */
export async function readWanted(
  tx: Transaction,
  actor: Extract<Actor, { kind: "user" }>,
  input: Omit<z.output<typeof CreateAccessRequestInput>, "reason">,
): Promise<WantedAccess> {
  const { kind, durationMs } = input;
  const role = await findRole(tx, input.role);
  const rules = (await readRequestRules(tx)).find(({ roleId }) => roleId === role.id);
  const permitted = rules && (kind === "request" ? rules.requestable : await takesAtOnce(tx, actor, rules));
  if (!permitted) {
    const takes = kind === "request" ? "a role that can be asked for" : "a role that you may take at once";
    refuse("role", role.name, takes);
  }
  if (durationMs > rules.longestMs)
    refuse("durationMs", durationMs, `at most ${rules.longestMs} for the role ${role.name}`);
  return { kind, role, scope: await findScope(tx, input), durationMs };
}

async function takesAtOnce(tx: Transaction, actor: Actor, rules: RequestRules): Promise<boolean> {
  return mayTakeAtOnce(rules, actor, await holdsAnyRole(onPrisma(tx), actor));
}

function refuse(field: string, got: string | number, takes: string): never {
  throw new AppError("invalid_argument", `${field}: got ${got}; takes ${takes}`, {
    details: [{ field, got: String(got), takes }],
  });
}
