import { z } from "zod";

/** A page says with it that it asks by itself, with nobody at it: that keeps no session open. */
export const UNATTENDED_HEADER = "x-kubewitness-unattended";

/** A browser's session: who signed in from where, and when it was in use last. Never its cookie. */
export const SessionView = z.object({
  id: z.uuid(),
  current: z.boolean().meta({ description: "It is the one that asks." }),
  device: z.string().nullable().meta({
    description: "The browser and its system, such as Firefox on Windows; another client as it calls itself.",
  }),
  provider: z.string().nullable().meta({ description: "The id of the provider that was signed in with." }),
  createdAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime().meta({ description: "To the minute." }),
  expiresAt: z.iso.datetime().meta({ description: "When it ends at the latest, used or not." }),
  /** Of the browser when it signed in; null where they are not known. */
  sourceIp: z.string().nullable(),
  lastSeenIp: z.string().nullable().meta({
    description: "From where it was in use last; null before it was used after signing in.",
  }),
  userAgent: z.string().nullable(),
});
export type SessionView = z.infer<typeof SessionView>;

/** How many sessions ended, and how many logins of the command line. */
export const EndedSessions = z.object({ ended: z.int(), logins: z.int() });
export type EndedSessions = z.infer<typeof EndedSessions>;
