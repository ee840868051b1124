import { z } from "zod";

/** What became of one attempt. */
export const WebhookResult = z.object({
  status: z.number().int().nullable().meta({ description: "HTTP status; null: no answer." }),
  error: z.string().nullable().meta({ description: "null: it was taken." }),
});
export type WebhookResult = z.infer<typeof WebhookResult>;
