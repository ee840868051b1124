import { z } from "zod";
import { ApplicationToken } from "../../../lib/identity/applications/schema.ts";

/** What lib/identity/application-tokens/token-request.ts reads: RFC 6749, sections 2.3.1 and 4.4.2. */
export const TokenForm = z
  .object({
    grant_type: z.literal("client_credentials"),
    client_id: z.string().optional().meta({ description: "Left out where it comes by HTTP Basic." }),
    client_secret: z.string().optional().meta({ description: "Left out where it comes by HTTP Basic." }),
    scope: z
      .string()
      .optional()
      .meta({ description: "Scopes with spaces between; left out: all that the application has." }),
  })
  .meta({ id: "TokenForm" });

/** A token in the product's own words, and in those of RFC 6749, section 5.1. */
export const TokenAnswer = ApplicationToken.extend({
  access_token: z.string(),
  token_type: z.literal("Bearer"),
  expires_in: z.int(),
}).meta({ id: "Token" });
export type TokenAnswer = z.infer<typeof TokenAnswer>;

/** What lib/identity/oauth/token-question.ts reads: RFC 7009 and RFC 7662, section 2.1 of each. */
export const TokenQuestionForm = z
  .object({
    token: z.string(),
    client_id: z.string().optional().meta({ description: "Left out where it comes by HTTP Basic." }),
    client_secret: z.string().optional().meta({ description: "Left out where it comes by HTTP Basic." }),
  })
  .meta({ id: "TokenQuestionForm" });
