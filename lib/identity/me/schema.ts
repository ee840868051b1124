import { z } from "zod";

/** Who one is to the console and the API. */
export const Me = z.object({
  kind: z.enum(["user", "application"]),
  id: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  consoleRole: z.enum(["administrator", "auditor", "user"]),
  groups: z.array(z.string()),
});
export type Me = z.infer<typeof Me>;
