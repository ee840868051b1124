import { describeApi } from "../openapi/document.ts";

export const dynamic = "force-static";

export function GET(): Response {
  return Response.json(describeApi());
}
