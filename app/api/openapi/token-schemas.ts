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

/** What lib/identity/oauth/grants/read-grant.ts reads: RFC 6749, sections 4.1.3 and 6, RFC 8628, section 3.4. */
export const CommandLineTokenForm = z
  .object({
    grant_type: z.enum([
      "authorization_code",
      "urn:ietf:params:oauth:grant-type:device_code",
      "refresh_token",
    ]),
    client_id: z.literal("kubewitness-cli"),
    code: z.string().optional(),
    redirect_uri: z.string().optional(),
    code_verifier: z.string().optional(),
    device_code: z.string().optional(),
    refresh_token: z.string().optional(),
    resource: z.string().optional().meta({
      description:
        "urn:kubewitness:cluster:NAME: a token for that cluster alone (RFC 8707). Left out: for the API and every cluster.",
    }),
    scope: z.string().optional().meta({ description: "Less than the login has." }),
  })
  .meta({ id: "CommandLineTokenForm" });

/** RFC 6749, section 5.1. */
export const CommandLineTokens = z
  .object({
    access_token: z.string(),
    token_type: z.literal("Bearer"),
    expires_in: z.int(),
    refresh_token: z.string().meta({ description: "Counts once: the next comes with each answer." }),
    scope: z.string().optional(),
  })
  .meta({ id: "CommandLineTokens" });

/** What lib/identity/oauth/device/begin-device-request.ts reads: RFC 8628, section 3.1. */
export const DeviceForm = z
  .object({
    client_id: z.literal("kubewitness-cli"),
    scope: z.string().optional(),
    device_name: z.string().max(64).optional().meta({ description: "What the device calls itself." }),
  })
  .meta({ id: "DeviceForm" });

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
