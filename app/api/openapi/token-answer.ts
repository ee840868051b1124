import { z } from "zod";
import { ApplicationToken } from "../../../lib/identity/applications/schema.ts";

/** A token in the product's own words, and in those of RFC 6749, section 5.1. */
export const TokenAnswer = ApplicationToken.extend({
  access_token: z.string(),
  token_type: z.literal("Bearer"),
  expires_in: z.int(),
}).meta({ id: "Token" });
export type TokenAnswer = z.infer<typeof TokenAnswer>;
