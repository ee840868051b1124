import { createRequire } from "node:module";

// Next's own modules, as its server loads them.
const load = createRequire(import.meta.url);
const { workAsyncStorage } = load("next/dist/server/app-render/work-async-storage.external.js");
const { workUnitAsyncStorage } = load("next/dist/server/app-render/work-unit-async-storage.external.js");
const { createRequestStoreForAPI } = load("next/dist/server/async-storage/request-store.js");

/** Runs a route handler as Next's server does: with `headers()` and `cookies()` of this request. */
export function inRequestScope(request: Request, handle: () => Promise<Response>): Promise<Response> {
  const store = createRequestStoreForAPI(request, new URL(request.url), null, undefined, undefined);
  return workAsyncStorage.run({ route: "/api/auth" }, () => workUnitAsyncStorage.run(store, handle));
}
