import { Environment } from "@marcbachmann/cel-js";
import { LRUCache } from "lru-cache";
import { RE2JS } from "re2js";

/** What an expression is asked about, by the names that it uses. Labels that are not known are left out: asking for them fails. */
export interface ExpressionFacts {
  request: RequestFacts;
  user: UserFacts;
  cluster: ClusterFacts;
  now: Date;
}

type Facts<T> = new (values: T) => T;

/** The library tells the types of values by their classes. */
function factsClass<T extends object>(): Facts<T> {
  return class {
    constructor(values: T) {
      Object.assign(this, values);
    }
  } as Facts<T>;
}

export interface RequestFacts {
  verb: string;
  apiGroup: string;
  resource: string;
  subresource: string;
  namespace: string;
  name: string;
  path: string;
  isResourceRequest: boolean;
  accessMethod: string;
  /** `""` where it cannot be told. */
  clientAddress: string;
  namespaceLabels?: ReadonlyMap<string, string>;
}
export const RequestFacts = factsClass<RequestFacts>();

export interface UserFacts {
  /** user | application */
  kind: string;
  name: string;
  /** `""` of an application. */
  email: string;
  groups: readonly string[];
}
export const UserFacts = factsClass<UserFacts>();

export interface ClusterFacts {
  name: string;
  labels?: ReadonlyMap<string, string>;
}
export const ClusterFacts = factsClass<ClusterFacts>();

const LIMITS = {
  maxAstNodes: 200,
  maxDepth: 16,
  maxListElements: 64,
  maxMapEntries: 16,
  maxCallArguments: 3,
};

/** `matches` in an expression, under the name of a function that takes time linear in its input. */
export const LINEAR_MATCHES = "matchesLinear";

const patterns = new LRUCache<string, RE2JS>({ max: 1_000 });

/** RE2's syntax. @throws where it is not understood. */
export function compileLinearPattern(pattern: string): RE2JS {
  const compiled = patterns.get(pattern) ?? RE2JS.compile(pattern);
  patterns.set(pattern, compiled);
  return compiled;
}

/** What expressions may name. */
export const EXPRESSION_ENVIRONMENT = new Environment({ limits: LIMITS })
  .registerType({
    name: "Request",
    ctor: RequestFacts,
    fields: {
      verb: "string",
      apiGroup: "string",
      resource: "string",
      subresource: "string",
      namespace: "string",
      name: "string",
      path: "string",
      isResourceRequest: "bool",
      accessMethod: "string",
      clientAddress: "string",
      namespaceLabels: "map<string, string>",
    },
  })
  .registerType({
    name: "User",
    ctor: UserFacts,
    fields: { kind: "string", name: "string", email: "string", groups: "list<string>" },
  })
  .registerType({
    name: "Cluster",
    ctor: ClusterFacts,
    fields: { name: "string", labels: "map<string, string>" },
  })
  .registerVariable("request", "Request")
  .registerVariable("user", "User")
  .registerVariable("cluster", "Cluster")
  .registerVariable("now", "google.protobuf.Timestamp")
  .registerFunction(`string.${LINEAR_MATCHES}(string): bool`, (text: string, pattern: string) =>
    compileLinearPattern(pattern).matcher(text).find(),
  );
