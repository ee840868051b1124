import { z } from "zod";

/** A browser's session: who signed in from where. Never its cookie. */
export const SessionView = z.object({
  id: z.uuid(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  /** Of the browser when it signed in; null where they are not known. */
  sourceIp: z.string().nullable(),
  userAgent: z.string().nullable(),
});
export type SessionView = z.infer<typeof SessionView>;
