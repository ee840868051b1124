import { z } from "zod";

const SHORTEST = 12;
const LONGEST = 256;
const TAKES = `takes ${SHORTEST} to ${LONGEST} characters`;

/** A password that is chosen. Length is what counts (NIST SP 800-63B-4, section 3.1.1.2): there are no rules of composition. */
export const NewPassword = z
  .string(TAKES)
  .min(SHORTEST, TAKES)
  .max(LONGEST, TAKES)
  .refine((password) => new Set(password).size >= 5, `${TAKES}, at least five of them different`);

/** A password that is tried. */
export const TriedPassword = z.string("takes a password").min(1, "takes a password").max(LONGEST, TAKES);
