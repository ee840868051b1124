import { describeApi } from "../openapi/document.ts";

export const dynamic = "force-static";

export function GET(): Response {
  // Whoever keeps a copy asks whether it is still the one: an upgrade changes it.
  return Response.json(describeApi(), { headers: { "Cache-Control": "no-cache" } });
}
