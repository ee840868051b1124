import { systemContext } from "../../lib/context.ts";
import { issueApplicationToken } from "../../lib/identity/application-tokens/mutations.ts";
import { createApplication } from "../../lib/identity/applications/mutations.ts";

type RouteHandler = (request: Request, route: { params: Promise<unknown> }) => Promise<Response>;

export interface ApiClient {
  /** Asks a route handler as an auditor's application does. */
  get(
    handler: RouteHandler,
    path: string,
    options?: { headers?: Record<string, string>; params?: Record<string, string>; signal?: AbortSignal },
  ): Promise<Response>;
}

/** An application with the right to read all audit data, and a token of its own. */
export async function createApiClient(name = "auditor"): Promise<ApiClient> {
  const ctx = systemContext("test");
  const { id, secret } = await createApplication({ ctx, input: { name } });
  const grant = { grantType: "client_credentials" as const, clientId: id, clientSecret: secret };
  const { accessToken } = await issueApplicationToken({ ctx, input: grant });
  return {
    get(handler, path, { headers = {}, params = {}, signal } = {}) {
      const request = new Request(`http://localhost:3000${path}`, {
        headers: { authorization: `Bearer ${accessToken}`, ...headers },
        signal,
      });
      return handler(request, { params: Promise.resolve(params) });
    },
  };
}
