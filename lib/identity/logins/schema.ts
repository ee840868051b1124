import { z } from "zod";

/** A login of the command line, as it is listed. */
export const LoginView = z.object({
  id: z.uuid(),
  name: z.string().meta({ description: "What the device calls itself." }),
  flow: z.enum(["code", "device"]).meta({
    description: "How it was approved: in a browser of the same machine (code), or of another (device).",
  }),
  scopes: z.array(z.string()).nullable().meta({
    description: "What it may be used for at the most; null: for all that its owner may.",
  }),
  createdAt: z.iso.datetime(),
  createdFrom: z.string().nullable().meta({ description: "The address that it was begun from." }),
  lastUsedAt: z.iso.datetime().meta({ description: "To the minute." }),
  lastUsedFrom: z.string().nullable(),
  expiresAt: z.iso.datetime().meta({ description: "When it ends at the latest, used or not." }),
  userAgent: z.string().nullable(),
});
export type LoginView = z.infer<typeof LoginView>;
