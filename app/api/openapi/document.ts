import { createDocument } from "zod-openapi";
import { agentPaths } from "./agent-paths.ts";
import { alertPaths } from "./alert-paths.ts";
import { auditPaths } from "./audit-paths.ts";
import { logPaths } from "./log-paths.ts";
import { managementPaths } from "./management-paths.ts";
import { otherPaths } from "./other-paths.ts";
import { providerPaths } from "./provider-paths.ts";
import { requestPaths } from "./request-paths.ts";
import { rolePaths } from "./role-paths.ts";
import { scopePaths } from "./scope-paths.ts";
import { securityPaths } from "./security-paths.ts";
import { sessionPaths } from "./session-paths.ts";
import { streamPaths } from "./stream-paths.ts";
import { terminalPaths } from "./terminal-paths.ts";

const DESCRIPTION = `The record of every call through the gateway and of every change, for machines.

Get a token with an application's id and secret (POST /api/v1/token) and send it as \`Authorization: Bearer\`. Times are RFC 3339, or as the filter language
writes them (\`now-2h\`, \`today\`, \`2026-11-20\`). A filter is an expression such as \`verb = "delete" AND (resource = "secrets" OR cluster = "prod")\`;
NOT binds before AND, AND before OR. Each search, view and export of audit data is itself an event of Event History.`;

/** The OpenAPI 3.1 document, made from the schemas that parse the requests. */
export function describeApi() {
  return createDocument({
    openapi: "3.1.1",
    info: {
      title: "Kubewitness API",
      version: "1",
      description: DESCRIPTION,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    security: [{ bearer: [] }],
    paths: {
      ...otherPaths,
      ...auditPaths,
      ...sessionPaths,
      ...terminalPaths,
      ...logPaths,
      ...managementPaths,
      ...providerPaths,
      ...rolePaths,
      ...securityPaths,
      ...scopePaths,
      ...requestPaths,
      ...agentPaths,
      ...streamPaths,
      ...alertPaths,
    },
    components: { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
  });
}
