import { gunzipSync } from "node:zlib";
import { hasTestPrograms } from "../scripts/test-programs/install.ts";
import { CLUSTER } from "./support/cluster.ts";
import { GREETER, HELMS, helm } from "./support/helm.ts";
import { describeCall, expectHelmCalls, keptBodies } from "./support/helm-record.ts";
import { kubectl } from "./support/kubectl.ts";
import { ownName } from "./support/own-name.ts";
import { expectOnPage } from "./support/request-audit-page.ts";
import { expect, test } from "./support/test.ts";

test.skip(HELMS.length === 0 && !hasTestPrograms, "no helm on PATH, and npm's are for linux-x64");

test("there is a Helm to test with", () => expect(HELMS).not.toEqual([]));

const PASSWORD = "correct-horse-battery";
/** What the chart makes, in the order in which Helm makes it, and in which it takes it away. */
const KINDS = ["serviceaccounts", "secrets", "configmaps", "services", "deployments"];
const UNINSTALL_ORDER = ["services", "deployments", "configmaps", "secrets", "serviceaccounts"];
const WAIT = ["--wait", "--timeout", "60s"];
const newest = HELMS.at(-1)!;
const NEWEST = { as: "alice", client: `Helm/${newest?.version}` } as const;

/** As the cluster has it. */
const asAdmin = async (...args: string[]): Promise<string> =>
  (await kubectl(["-n", CLUSTER.namespace, ...args], { as: "admin" })).stdout;

/** What the newest release of a name holds: JSON, gzip, base64; and base64 again, as every Secret. */
async function storedRelease(name: string, revision: number): Promise<{ kept: string; opened: string }> {
  const release = `sh.helm.release.v1.${name}.v${revision}`;
  const text = await asAdmin("get", "secret", release, "-o", "jsonpath={.data.release}");
  const kept = Buffer.from(text, "base64").toString();
  return { kept, opened: gunzipSync(Buffer.from(kept, "base64")).toString() };
}

for (const binary of HELMS) {
  test.describe
    .serial(`Helm ${binary.version}`, () => {
      const name = ownName("release");
      const release = (revision: number) => `secrets sh.helm.release.v1.${name}.v${revision}`;
      // From 4 on, Helm applies on the server's side.
      const isApplied = Number(binary.version.split(".")[0]) >= 4;
      const makes = isApplied ? "patch" : "create";
      const run = (...args: string[]) => helm(binary, args);
      const caller = { as: "alice", client: `Helm/${binary.version}` } as const;

      test.afterAll(() => asAdmin("delete", "pod", `${name}-answers`, "--ignore-not-found", "--wait=false"));

      test("installs; the release is a Secret whose values are not on the record", async ({
        readingPage,
      }) => {
        const since = new Date();
        const { code, stdout, stderr } = await run(
          "install",
          name,
          GREETER,
          "--set",
          `password=${PASSWORD}`,
          ...WAIT,
        );
        expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
        expect(stdout).toContain("STATUS: deployed\nREVISION: 1\n");
        expect(stdout).toContain(`${name} greets with hello.`);
        const { calls, changes } = await expectHelmCalls(since, caller, {
          changes: [
            `create ${release(1)} 201`,
            ...KINDS.map((resource) => `${makes} ${resource} ${name} 201`),
            `update ${release(1)} 200`,
          ],
        });
        await expectOnPage(readingPage, changes);
        const { kept, opened } = await storedRelease(name, 1);
        expect(opened).toContain(PASSWORD);
        const bodies = await keptBodies(changes);
        for (const body of [bodies[0], bodies.at(-1)]) {
          expect(body).toMatch(/\ndata:\n {2}release: "\[redacted \d+ bytes\]"\n/);
          expect(body).toContain("\ntype: helm.sh/release.v1\n");
        }
        const everything = JSON.stringify([calls, bodies]);
        for (const secret of [PASSWORD, btoa(PASSWORD), kept.slice(0, 16), btoa(kept.slice(0, 15))])
          expect(everything).not.toContain(secret);
      });

      test("lists and shows it", async () => {
        const since = new Date();
        const list = await run("list", "--filter", name);
        expect(list.stdout).toMatch(
          new RegExp(`^NAME.*\\n${name}\\s+${CLUSTER.namespace}\\s+1\\s.*deployed\\s+greeter-1\\.0\\.0`),
        );
        const status = await run("status", name);
        expect(status.stdout).toMatch(/STATUS: deployed\nREVISION: 1\n/);
        const values = await run("get", "values", name, "-o", "json");
        expect(JSON.parse(values.stdout)).toEqual({ password: PASSWORD });
        await expectHelmCalls(since, caller, { changes: [], also: ["list secrets null 200"] });
      });

      test("upgrades, with a hook before it", async () => {
        const since = new Date();
        const values = `password=${PASSWORD},greeting=hi,askAt=nowhere.example.com`;
        const { code, stdout } = await run("upgrade", name, GREETER, "--set", values, ...WAIT);
        expect(code, stdout).toBe(0);
        expect(stdout).toContain("STATUS: deployed\nREVISION: 2\n");
        expect(await asAdmin("get", "configmap", name, "-o", "jsonpath={.data.greeting}")).toBe("hi");
        const { changes } = await expectHelmCalls(since, caller, {
          changes: [
            `create ${release(2)} 201`,
            `update ${release(2)} 200`,
            `${makes} jobs ${name}-before-upgrade 201`,
            `delete jobs ${name}-before-upgrade 200`,
            ...changed("secrets", "configmaps"),
            `update ${release(1)} 200`,
            `update ${release(2)} 200`,
          ],
        });
        expect((await keptBodies(changes)).join()).not.toContain(PASSWORD);
      });

      test("tells that a test fails", async () => {
        const { code, stdout, stderr } = await run("test", name, "--timeout", "60s");
        expect(code).toBe(1);
        expect(stdout + stderr).toMatch(/Phase: +Failed/);
      });

      test("rolls back; its test passes again, with its log", async () => {
        const since = new Date();
        const { code, stdout } = await run("rollback", name, "1", ...WAIT);
        expect({ code, stdout }).toEqual({ code: 0, stdout: "Rollback was a success! Happy Helming!\n" });
        expect(await asAdmin("get", "configmap", name, "-o", "jsonpath={.data.greeting}")).toBe("hello");
        const rolledBack = [`update ${release(2)} 200`, `update ${release(3)} 200`];
        await expectHelmCalls(since, caller, {
          changes: [`create ${release(3)} 201`, ...changed("secrets", "configmaps"), ...rolledBack],
        });
        const before = new Date();
        const tested = await run("test", name, "--logs", "--timeout", "60s");
        expect(tested.code, tested.stdout + tested.stderr).toBe(0);
        expect(tested.stdout).toMatch(/Phase: +Succeeded/);
        expect(tested.stdout).toContain(`POD LOGS: ${name}-answers\nhello from ${name}\n`);
        await expectHelmCalls(before, caller, {
          changes: [
            `delete pods ${name}-answers 200`,
            `update ${release(3)} 200`,
            `${makes} pods ${name}-answers 201`,
            `update ${release(3)} 200`,
          ],
          also: [`get pods/log ${name}-answers 200`],
        });
      });

      test("uninstalls", async () => {
        const since = new Date();
        const { code, stdout } = await run("uninstall", name, ...WAIT);
        expect({ code, stdout }).toEqual({ code: 0, stdout: `release "${name}" uninstalled\n` });
        await expectHelmCalls(since, caller, {
          changes: [
            `update ${release(3)} 200`,
            ...UNINSTALL_ORDER.map((resource) => `delete ${resource} ${name} 200`),
            ...[1, 2, 3].map((revision) => `delete ${release(revision)} 200`),
          ],
        });
        const left = await asAdmin("get", [...KINDS, "jobs"].join(), "-o", "name");
        expect(left).toContain("secret/");
        expect(left).not.toContain(name);
      });

      /** Helm 3 sends what differs (a Secret's `stringData` always does), Helm 4 all there is. */
      function changed(...resources: string[]): string[] {
        return (isApplied ? KINDS : resources).map((resource) => `patch ${resource} ${name} 200`);
      }
    });
}

test("a release kept in ConfigMaps is no less secret", async () => {
  const [name, since] = [ownName("release"), new Date()];
  const release = `sh.helm.release.v1.${name}.v1`;
  const options = { env: { HELM_DRIVER: "configmap" } };
  const { code } = await helm(newest, ["install", name, GREETER, "--set", `password=${PASSWORD}`], options);
  expect(code).toBe(0);
  const { changes } = await expectHelmCalls(since, NEWEST, {
    changes: [
      `create configmaps ${release} 201`,
      ...KINDS.map((resource) => `patch ${resource} ${name} 201`),
      `update configmaps ${release} 200`,
    ],
  });
  const kept = await asAdmin("get", "configmap", release, "-o", "jsonpath={.data.release}");
  expect(gunzipSync(Buffer.from(kept, "base64")).toString()).toContain(PASSWORD);
  const [body] = await keptBodies(changes);
  expect(body).toMatch(/\n {2}release: "\[redacted \d+ bytes\]"\n/);
  expect(body).not.toContain(kept.slice(0, 16));
  expect((await helm(newest, ["uninstall", name], options)).code).toBe(0);
});

const REFUSED = [
  {
    what: "a chart with a Role, which a developer may not make",
    args: ["install", "refused", GREETER, "--set", "role=true"],
    call: "get roles refused 403",
    why: `cannot get resource "roles" in API group "rbac.authorization.k8s.io" in the namespace "${CLUSTER.namespace}": role developer does not allow it`,
  },
  {
    what: "another team's namespace",
    args: ["install", "refused", GREETER],
    namespace: "checkout",
    call: "get serviceaccounts refused 403",
    why: `cannot get resource "serviceaccounts" in API group "" in the namespace "checkout": role developer covers namespace ${CLUSTER.namespace}`,
  },
  {
    what: "the releases, to a role that sees no Secrets",
    args: ["list"],
    as: "auditor" as const,
    call: "list secrets null 403",
    why: `cannot list resource "secrets" in API group "" in the namespace "${CLUSTER.namespace}": role read-only does not allow it`,
  },
];
for (const { what, args, as = "alice", namespace, call, why } of REFUSED) {
  test(`refuses ${what}`, async () => {
    const since = new Date();
    const { code, stderr } = await helm(newest, args, { as, namespace });
    expect(code).toBe(1);
    expect(stderr).toContain(why);
    const claims = { changes: [], also: [call] };
    const { calls } = await expectHelmCalls(since, { ...NEWEST, as, namespace }, claims);
    const refused = calls.filter((each) => describeCall(each) === call);
    expect(refused).toMatchObject([{ role: null, message: expect.stringContaining(why) }]);
  });
}
