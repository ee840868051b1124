// What of the API's answers the commands use; `GET /api/openapi.json` has all of it.

interface Named {
  id: string;
  name: string;
}

export interface Grant {
  id: string;
  role: Named;
  subject: Named & { kind: string };
  cluster: Named | null;
  namespaces: string[];
  project: Named | null;
  department: Named | null;
  nodePool: Named | null;
  clusterIds: string[] | null;
  expiresAt: string | null;
}

/** `GET /api/v1/me` */
export interface Me extends Named {
  kind: string;
  email: string | null;
  consoleRole: string;
  groups: string[];
  grants: Grant[];
  clusters: Named[];
}

/** `GET /api/v1/gateway` */
export interface Gateway {
  server: string;
  certificateAuthority: string | null;
}

/** `GET /api/v1/access-requests` */
export interface AccessRequest {
  id: string;
  kind: string;
  state: string;
  person: Named;
  role: Named;
  cluster: Named | null;
  project: Named | null;
  namespaces: string[];
  durationMs: number;
  reason: string;
  createdAt: string;
  answer: { at: string; by: string | null; word: string | null } | null;
  grant: { expiresAt: string | null } | null;
}
