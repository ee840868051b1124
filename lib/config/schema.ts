import { z } from "zod";

/** One setting as the console shows it: what it is in effect, never a secret. */
export const ShownSetting = z.object({
  /** Its place in config.yaml. */
  name: z.string(),
  /** The environment variable that sets it, too. */
  variable: z.string(),
  /** In words; null where it is not set. */
  value: z.string().nullable(),
  meaning: z.string(),
});
export type ShownSetting = z.infer<typeof ShownSetting>;

export const ShownSettings = z.object({ settings: z.array(ShownSetting) });
export type ShownSettings = z.infer<typeof ShownSettings>;
