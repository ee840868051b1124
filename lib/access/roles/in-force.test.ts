import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestInstallation, type TestInstallation } from "../../../test/installation.ts";
import { type Actor, systemContext } from "../../context.ts";
import type { Fresh } from "../../db/keep-fresh.ts";
import { createPerson } from "../../identity/people/mutations.ts";
import { decide } from "../decide.ts";
import { createGrant } from "../grants/mutations.ts";
import { setNamespaceLabels } from "../labels/namespace-labels.ts";
import type { Decision, DecisionInput } from "../policy/decision.ts";
import { currentDecisionTable } from "../table/current.ts";
import { startDecisionTable } from "../table/refresh.ts";
import { createRole, replaceRole } from "./mutations.ts";

// A role as it is written, from the database to the decision.

const ctx = systemContext("test");
const CLUSTER = { id: "00000000-0000-4000-8000-000000000001", name: "prod", labels: { env: "prod" } };
let installation: TestInstallation;
let table: Fresh;
let ann: Extract<Actor, { kind: "user" }>;

beforeAll(async () => {
  installation = await createTestInstallation();
  const input = { email: "ann@acme.example", name: "Ann", groups: [] };
  const { id, name, email } = await createPerson({ ctx, input });
  ann = { kind: "user", id, name, email, consoleRole: "user", groups: [], groupIds: [] };
  table = await startDecisionTable({ pollMs: 200 });
});
afterAll(async () => {
  await table.stop();
  await installation.close();
});

function ask(
  more: Partial<DecisionInput["circumstances"]> = {},
  cluster: DecisionInput["cluster"] = CLUSTER,
): Decision {
  return decide({
    actor: ann,
    cluster,
    attributes: {
      ...{
        isResourceRequest: true,
        path: "",
        verb: "get",
        apiGroup: "",
        namespace: "shop",
        resource: "pods",
      },
      ...{ subresource: "", name: "web" },
    },
    circumstances: {
      ...{ time: Date.now(), clientAddress: "192.0.2.7", accessMethod: "CLI" },
      ...{ sessionKind: null, secondFactorAt: null, ...more },
    },
    impersonation: null,
  });
}

const yamlOf = (name: string, rule: string, rest = "") => `
apiVersion: kubewitness.io/v1
kind: Role
metadata: { name: ${name} }
spec:
  rules:
    - { effect: allow, apiGroups: [""], resources: [pods], verbs: [get], ${rule} }
${rest}`;

async function grantNew(name: string, rule: string, rest?: string) {
  const role = await createRole({ ctx, input: { yaml: yamlOf(name, rule, rest) } });
  const subject = { subjectKind: "user" as const, subject: ann.email };
  await createGrant({ ctx, input: { role: name, ...subject, cluster: null } });
  await table.reload();
  return role;
}

test("a role says as whom its calls are made, whether its reads are recorded, and a change of it counts at once", async () => {
  const rest = "  kubernetes: { user: support, groups: [readers] }\n  auditReads: false";
  const role = await grantNew("support", "when: { networks: [192.0.2.0/24] }", rest);
  expect(ask()).toMatchObject({
    allowed: true,
    role: "support",
    impersonate: { user: "support", groups: ["readers"] },
    auditReads: false,
  });
  expect(ask({ clientAddress: "198.51.100.1" })).toMatchObject({
    allowed: false,
    reason: expect.stringContaining(
      "role support allows it only from 192.0.2.0/24, and you call from 198.51.100.1",
    ),
  });
  const yaml = yamlOf("support", "clusterLabels: { env: test }", rest);
  await replaceRole({ ctx, input: { id: role.id, version: 1, yaml } });
  await expect.poll(() => ask().allowed, { timeout: 15_000 }).toBe(false);
  expect(ask({}, { ...CLUSTER, labels: { env: "test" } }).allowed).toBe(true);
});

test("labels of a namespace that are not known allow nothing; once they are, they count", async () => {
  await grantNew("team-web", "namespaceLabels: { team: web }");
  expect(currentDecisionTable().asksNamespaceLabels(CLUSTER.id)).toBe(true);
  expect(ask().allowed).toBe(false);
  setNamespaceLabels(CLUSTER.id, new Map([["shop", { team: "web" }]]));
  expect(ask()).toMatchObject({ allowed: true, role: "team-web" });
  setNamespaceLabels(CLUSTER.id, new Map([["shop", { team: "payments" }]]));
  expect(ask().allowed).toBe(false);
  setNamespaceLabels(CLUSTER.id, null);
  expect(ask().allowed).toBe(false);
});

test("an expression that this version does not take makes its role deny everything, and no other fail", async () => {
  const role = await grantNew("broken", "names: [other]");
  await grantNew("works", "names: [web]");
  expect(ask()).toMatchObject({ allowed: true, role: "works" });
  const rule = {
    effect: "allow",
    apiGroups: [""],
    resources: ["pods"],
    verbs: ["get"],
    when: { expression: "later(1)" },
  };
  await installation.prisma.role.update({ where: { id: role.id }, data: { rules: [rule] } });
  await table.reload();
  expect(ask()).toMatchObject({ allowed: false, reason: expect.stringContaining("role broken denies it") });
});
