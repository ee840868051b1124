import { actionOfMethod } from "../../../audit/events/action-of-method.ts";
import { recordEventAlone } from "../../../audit/events/record.ts";
import { recordableText } from "../../failed-authentication/recordable-text.ts";
import type { ScimError } from "../protocol/scim-error.ts";
import type { ScimClient } from "../tokens/authenticate-scim.ts";

export interface RefusedChange {
  method: string;
  kind: "User" | "Group";
  /** Of the address; null where something is created. */
  id: string | null;
}

/** A change that SCIM asked for and did not get is an event, too. */
export async function recordRefused(
  { ctx }: Pick<ScimClient, "ctx">,
  { method, kind, id }: RefusedChange,
  error: ScimError,
): Promise<void> {
  const action = actionOfMethod(method);
  if (action === undefined) return;
  await recordEventAlone(ctx, {
    action,
    entityType: kind,
    entityId: id === null ? null : recordableText(id),
    status: "Failed",
    error: recordableText(error.message),
  });
}
