import { recordEventAlone } from "../../audit/events/record.ts";
import type { RunSql } from "../../audit/store/sql.ts";
import { systemContext } from "../../context.ts";
import type { StreamDefinition } from "../stored/stream-row.ts";

const MOST_ERROR = 500;

/** Keeps why a stream does not get on. */
export async function noteFailure(
  run: RunSql,
  { streamId, owner, reason }: { streamId: string; owner: string; reason: string },
): Promise<void> {
  await run(
    `UPDATE streams SET failing_since = coalesce(failing_since, now()), behind_since = coalesce(behind_since, now()),
       last_error = $3::text, last_error_at = now() WHERE id = $1::uuid AND lease_owner = $2::uuid`,
    [streamId, owner, reason.replaceAll("\0", "�").slice(0, MOST_ERROR)],
  );
}

/** Ends a stream whose receiver is gone for good, on the record. */
export async function noteGone(
  { id, name }: Pick<StreamDefinition, "id" | "name">,
  { owner, reason }: { owner: string; reason: string },
): Promise<void> {
  const stop = async (run: RunSql) => {
    await run(
      `UPDATE streams SET stopped = $3::text, last_error = $3::text, last_error_at = now(), lease_owner = NULL, lease_until = NULL
       WHERE id = $1::uuid AND lease_owner = $2::uuid`,
      [id, owner, reason.slice(0, MOST_ERROR)],
    );
  };
  await recordEventAlone(
    systemContext("Kubewitness"),
    {
      action: "Update",
      operation: "End",
      entityType: "Stream",
      entityId: id,
      entityName: name,
      status: "Failed",
      error: `The receiver is gone for good: ${reason}`.slice(0, MOST_ERROR),
      after: { state: "stopped" },
    },
    { inTransaction: stop },
  );
}
