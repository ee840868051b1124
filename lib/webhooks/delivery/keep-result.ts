import type { Transaction } from "../../db/client.ts";
import type { WebhookResult } from "./schema.ts";

/** Keeps what became of the last attempt, for the page. */
export async function keepResult(
  tx: Pick<Transaction, "webhook">,
  {
    webhookId,
    type,
    result,
    dropped = 0,
  }: { webhookId: string; type: string; result: WebhookResult; dropped?: number },
): Promise<void> {
  await tx.webhook.updateMany({
    where: { id: webhookId },
    data: {
      lastAt: new Date(),
      lastType: type,
      lastStatus: result.status,
      lastError: result.error,
      dropped: { increment: dropped },
    },
  });
}
