import { recordEventAlone } from "../../audit/events/record.ts";
import type { Context } from "../../context.ts";

/** A person's second factors, as Event History names them. */
export const mfaEntity = ({ id, email }: { id: string; email: string | null }) => ({
  entityType: "Mfa" as const,
  entityId: id,
  entityName: email,
});

/** Somebody failed to show a second factor. How often anybody may try is bounded (attempts.ts), and so are these. */
export async function recordFactorFailure(
  ctx: Context,
  person: { id: string; email: string | null },
  error: string,
): Promise<void> {
  await recordEventAlone(ctx, { action: "Login", ...mfaEntity(person), status: "Failed", error });
}
