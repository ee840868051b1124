import { describeAuthorizationServer } from "../../../../../lib/identity/oauth/metadata.ts";
import { handle } from "../../../handle.ts";

export const dynamic = "force-dynamic";

/** RFC 8414; also at /.well-known/oauth-authorization-server, where clients look (next.config.mjs). */
export const GET = handle({ permission: null }, async () => Response.json(describeAuthorizationServer()));
