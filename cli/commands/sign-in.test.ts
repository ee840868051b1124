import { execFile } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { testCertificates } from "../../lib/gateway/testing/certificates.ts";
import { kubectlBinaries } from "../../scripts/kubectl-binaries.ts";
import { createTestConsole, type Person, type TestConsole } from "../testing/console.ts";
import { createMachine, type Machine } from "../testing/run-cli.ts";

vi.setConfig({ testTimeout: 120_000 });
const PATIENT = { timeout: 20_000 };
let console_: TestConsole;
let url: string;
const machines: Machine[] = [];
beforeAll(async () => {
  console_ = await createTestConsole();
  url = console_.server.url;
});
afterAll(async () => {
  for (const machine of machines) machine.remove();
  await console_.close();
});

async function newMachine(): Promise<Machine> {
  const machine = await createMachine();
  machines.push(machine);
  return machine;
}

async function signIn(machine: Machine, person: Person, words: string[] = []) {
  const running = machine.start(["login", url, "--no-browser", ...words]);
  const page = await person.approveLogin(running);
  return { ...(await running.ended), page };
}

let people = 0;
async function signedIn(): Promise<{ machine: Machine; person: Person }> {
  const [machine, person] = [await newMachine(), await console_.createPerson(`person-${++people}`)];
  expect(await signIn(machine, person)).toMatchObject({ code: 0 });
  return { machine, person };
}

const folderOf = ({ home }: Machine) => path.join(home, ".config", "kubewitness");
const profileName = () => new URL(url).host.replace(":", "-");
const signInOf = (machine: Machine) => path.join(folderOf(machine), "sign-ins", `${profileName()}.json`);
const kept = (machine: Machine) => JSON.parse(readFileSync(signInOf(machine), "utf8"));
const secretsOf = (machine: Machine): string[] => {
  const { refreshToken, access, clusters } = kept(machine);
  return [
    refreshToken,
    access?.token,
    ...Object.values(clusters as Record<string, { token: string }>).map(({ token }) => token),
  ];
};

test("login by a browser on this machine: says who one is, keeps tokens for its owner's eyes, prints none", async () => {
  const [machine, person] = [await newMachine(), await console_.createPerson("alice")];
  const { code, stdout, stderr, page } = await signIn(machine, person);
  expect({ code, stdout }).toEqual({ code: 0, stdout: `Signed in to ${url} as alice@acme.example.\n` });
  expect(stderr).toContain("Open this address in a browser on this machine:");
  expect(page).toContain("You are signed in. Close this page");
  for (const file of [signInOf(machine), path.join(folderOf(machine), "profiles.json")])
    expect(statSync(file).mode & 0o777, file).toBe(0o600);
  expect(readdirSync(path.dirname(signInOf(machine)))).toEqual([`${profileName()}.json`]);
  const whoami = await machine.run(["whoami"]);
  expect(whoami).toMatchObject({ code: 0, stderr: "" });
  expect(whoami.stdout).toContain("alice@acme.example");
  for (const secret of secretsOf(machine))
    expect(stdout + stderr + page + whoami.stdout).not.toContain(secret);
});

test("login by a code, on a machine without a browser", async () => {
  const [machine, person] = [await newMachine(), await console_.createPerson("bob")];
  const running = machine.start(["login", url, "--device"]);
  await person.approveDevice(running);
  expect(await running.ended).toMatchObject({
    code: 0,
    stdout: `Signed in to ${url} as bob@acme.example.\n`,
  });
});

test("a login that is refused in the browser ends with 1 and keeps nothing", async () => {
  const [machine, person] = [await newMachine(), await console_.createPerson("carol")];
  const running = machine.start(["login", url, "--no-browser"]);
  await person.approveLogin(running, "refuse");
  expect(await running.ended).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("The sign-in was refused in the browser."),
  });
  expect(existsSync(folderOf(machine))).toBe(false);
});

test("who does not know the state cannot end a login, or give it a code", async () => {
  const [machine, person] = [await newMachine(), await console_.createPerson("dave")];
  const running = machine.start(["login", url, "--no-browser"]);
  await expect.poll(() => running.stderr(), PATIENT).toContain("redirect_uri");
  const redirect = new URL(/http\S+/.exec(running.stderr())![0]).searchParams.get("redirect_uri")!;
  for (const query of ["?code=stolen", "?code=stolen&state=guessed", "?error=access_denied", ""])
    expect((await fetch(redirect + query)).status).toBe(400);
  expect((await fetch(`${new URL(redirect).origin}//`)).status).toBe(404);
  await person.approveLogin(running);
  expect(await running.ended).toMatchObject({ code: 0 });
});

describe("what is not an installation is said to be none", () => {
  test.each([
    [
      "another product",
      () => Response.json({ hello: "world" }),
      4,
      "is not Kubewitness (200 for /.well-known/oauth-authorization-server)",
    ],
    [
      "one that calls itself otherwise",
      () => Response.json({ issuer: "https://audit.example.com", token_endpoint: "x" }),
      4,
      "Run: kubewitness login https://audit.example.com",
    ],
    [
      "one that leads on",
      () => new Response(null, { status: 302, headers: { location: "https://console.example.com/x" } }),
      4,
      "kubewitness login https://console.example.com",
    ],
    [
      "an older version",
      () => Response.json({ issuer: url, token_endpoint: `${url}/api/v1/token` }),
      5,
      "it is an older version",
    ],
    [
      "one whose tokens go elsewhere",
      () =>
        Response.json({
          issuer: url,
          authorization_endpoint: `${url}/a`,
          token_endpoint: "https://evil.example/t",
          revocation_endpoint: `${url}/r`,
          device_authorization_endpoint: `${url}/d`,
        }),
      5,
      "names an token_endpoint of another origin",
    ],
  ])("%s", async (_what, answer, code, message) => {
    const machine = await newMachine();
    const path_ = "GET /.well-known/oauth-authorization-server";
    const route = console_.routes[path_]!;
    console_.routes[path_] = async () => answer();
    try {
      expect(await machine.run(["login", url])).toMatchObject({
        code,
        stderr: expect.stringContaining(message),
      });
    } finally {
      console_.routes[path_] = route;
    }
  });
});

test("a certificate of an authority that is not known is refused, and taken once that authority is named", async () => {
  const { certificate, key, ca } = await testCertificates();
  const secure = createServer({ cert: certificate, key }, (_request, response) => {
    const endpoints = ["authorization", "token", "revocation", "device_authorization"];
    const metadata = {
      issuer,
      ...Object.fromEntries(endpoints.map((name) => [`${name}_endpoint`, `${issuer}/${name}`])),
    };
    response.end(JSON.stringify(metadata));
  });
  await new Promise<void>((resolve) => secure.listen(0, "127.0.0.1", resolve));
  const issuer = `https://127.0.0.1:${(secure.address() as AddressInfo).port}`;
  const machine = await newMachine();
  try {
    expect(await machine.run(["login", issuer])).toMatchObject({
      code: 4,
      stdout: "",
      stderr: expect.stringMatching(
        /is from an authority that this machine does not know .*--certificate-authority FILE/,
      ),
    });
    expect(existsSync(folderOf(machine))).toBe(false);
    const file = path.join(machine.home, "ca.pem");
    writeFileSync(file, ca);
    const running = machine.start(["login", issuer, "--no-browser", "--certificate-authority", file]);
    await expect.poll(() => running.stderr(), PATIENT).toContain(`${issuer}/authorization?`);
    running.child.kill("SIGINT");
    await running.ended;
    writeFileSync(file, (await testCertificates()).ca.replace(/^.*$/m, "-----BEGIN NOTHING-----"));
    expect(await machine.run(["login", issuer, "--certificate-authority", file])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("has no certificate: takes a PEM file"),
    });
  } finally {
    secure.close();
  }
});

/** Counts the uses of the token endpoint meanwhile. */
async function countingRefreshes<T>(run: () => Promise<T>): Promise<{ result: T; refreshes: number }> {
  const route = console_.routes["POST /api/v1/token"]!;
  let refreshes = 0;
  console_.routes["POST /api/v1/token"] = async (...input) => {
    refreshes++;
    return route(...input);
  };
  try {
    return { result: await run(), refreshes };
  } finally {
    console_.routes["POST /api/v1/token"] = route;
  }
}

describe("credential", () => {
  test("is an ExecCredential of a token that names its cluster, from the cache the second time", async () => {
    const { machine } = await signedIn();
    const { result: first, refreshes } = await countingRefreshes(() =>
      machine.run(["credential", "--cluster", "prod"]),
    );
    expect({ refreshes, ...first }).toMatchObject({ refreshes: 1, code: 0, stderr: "" });
    const credential = JSON.parse(first.stdout);
    expect(credential).toEqual({
      apiVersion: "client.authentication.k8s.io/v1",
      kind: "ExecCredential",
      status: {
        token: expect.stringMatching(/^\S{20,}$/),
        expirationTimestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    });
    const [row] = (
      await console_.pool.query(
        "select cluster_name, scopes from access_tokens where cluster_name is not null order by created_at desc limit 1",
      )
    ).rows;
    expect(row).toMatchObject({ cluster_name: "prod" });
    const again = await countingRefreshes(() => machine.run(["credential", "--cluster", "prod"]));
    expect(again).toMatchObject({ refreshes: 0, result: { stdout: first.stdout } });
  });

  test("many at once refresh once, and all have that token", async () => {
    const { machine } = await signedIn();
    const { result, refreshes } = await countingRefreshes(() =>
      Promise.all(Array.from({ length: 8 }, () => machine.run(["credential", "--cluster", "prod"]))),
    );
    expect(refreshes).toBe(1);
    expect(new Set(result.map(({ stdout }) => stdout)).size).toBe(1);
    expect(result[0]).toMatchObject({ code: 0 });
    // For different clusters each has its turn with the refresh token that the one before left.
    const both = await Promise.all(
      ["prod", "staging", "staging"].map((cluster) => machine.run(["credential", "--cluster", cluster])),
    );
    expect(both.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(await machine.run(["whoami"])).toMatchObject({ code: 0 });
  });

  test("an answer that was lost costs no sign-in", async () => {
    const { machine } = await signedIn();
    const route = console_.routes["POST /api/v1/token"]!;
    let lost = 0;
    console_.routes["POST /api/v1/token"] = async (...input) => {
      const answer = await route(...input);
      if (lost++ === 0) throw new Error("cut");
      return answer;
    };
    const result = await machine.run(["credential", "--cluster", "prod"]);
    console_.routes["POST /api/v1/token"] = route;
    expect({ lost, ...result }).toMatchObject({ lost: 2, code: 0 });
  });

  test("Ctrl-C while it refreshes waits until the next refresh token is kept", async () => {
    const { machine } = await signedIn();
    const before = kept(machine).refreshToken;
    const route = console_.routes["POST /api/v1/token"]!;
    let answering = () => {};
    const asked = new Promise<void>((resolve) => {
      console_.routes["POST /api/v1/token"] = async (...input) => {
        const answer = await route(...input);
        resolve();
        await new Promise<void>((release) => {
          answering = release;
        });
        return answer;
      };
    });
    const running = machine.start(["credential", "--cluster", "prod"]);
    await asked;
    running.child.kill("SIGINT");
    answering();
    await running.ended;
    console_.routes["POST /api/v1/token"] = route;
    expect(kept(machine).refreshToken).not.toBe(before);
    expect(await machine.run(["credential", "--cluster", "staging"])).toMatchObject({ code: 0 });
  });

  test("of a cluster that there is not, or of a cache that others can read, there is none", async () => {
    const { machine } = await signedIn();
    expect(await machine.run(["credential", "--cluster", "nowhere"])).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining('has no cluster "nowhere" for you'),
    });
    chmodSync(signInOf(machine), 0o644);
    expect(await machine.run(["credential", "--cluster", "prod"])).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("can be read or written by others (mode 0644)"),
    });
  });

  test("a refresh token that somebody else used ends the sign-in, and says so", async () => {
    const { machine } = await signedIn();
    const stolen = kept(machine);
    expect(await machine.run(["credential", "--cluster", "prod"])).toMatchObject({ code: 0 });
    expect(await machine.run(["credential", "--cluster", "staging"])).toMatchObject({ code: 0 });
    writeFileSync(signInOf(machine), JSON.stringify(stolen));
    expect(await machine.run(["credential", "--cluster", "prod"])).toMatchObject({
      code: 3,
      stdout: "",
      stderr: expect.stringContaining("has ended. Run: kubewitness login"),
    });
    expect(existsSync(signInOf(machine))).toBe(false);
  });
});

test("kubeconfig --exec: what is there stays, no secret is in it, and real kubectl runs this program for its credential", async () => {
  const { machine } = await signedIn();
  const file = path.join(machine.home, "kube");
  const theirs =
    "apiVersion: v1\nkind: Config\ncurrent-context: kind\nclusters: [{name: kind, cluster: {server: 'https://127.0.0.1:1'}}]\ncontexts: [{name: kind, context: {cluster: kind, user: kind}}]\nusers: [{name: kind, user: {token: theirs}}]\n";
  writeFileSync(file, theirs);
  const { code, stdout, stderr } = await machine.run(["kubeconfig", "--exec"], { KUBECONFIG: file });
  const contexts = [`prod@${profileName()}`, `staging@${profileName()}`];
  expect({ code, stdout }).toEqual({ code: 0, stdout: `${contexts.join("\n")}\n` });
  expect(stderr).toContain(`Next: kubectl --context ${contexts[0]} get pods`);
  const written = readFileSync(file, "utf8");
  expect(written).toContain("token: theirs");
  for (const secret of secretsOf(machine)) expect(written).not.toContain(secret);
  const kubectl = (await kubectlBinaries()).at(-1)!.path;
  // kubectl asks for the credential before it connects; nothing listens there.
  const asked = async () => {
    const words = ["--kubeconfig", file, "--context", contexts[0]!, "get", "pods", "--request-timeout=9s"];
    const failure = await promisify(execFile)(kubectl, words, { env: machine.env }).catch((error) => error);
    return String(failure.stderr);
  };
  expect(kept(machine).clusters).toEqual({});
  expect(await asked()).toContain("refused");
  expect(Object.keys(kept(machine).clusters)).toEqual(["prod"]);

  const one = await machine.run(["kubeconfig", "--exec", "--cluster", "staging", "--file", "-"]);
  expect(one.stdout).toContain("current-context: staging@");
  expect(one.stdout).not.toContain("prod@");
  expect(await machine.run(["kubeconfig", "--exec", "--cluster", "nowhere"])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('--cluster got "nowhere": takes prod, staging.'),
  });
});

test("kubeconfig without --exec has tokens that name their cluster", async () => {
  const { machine } = await signedIn();
  const file = path.join(machine.home, "ci");
  expect(
    await machine.run(["kubeconfig", "--cluster", "prod", "--lifetime", "1h", "--file", file]),
  ).toMatchObject({ code: 0 });
  expect(readFileSync(file, "utf8")).toMatch(/user:\n\s+token: \S+/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("clusters has those that one may reach, with role and place", async () => {
  const { machine } = await signedIn();
  const { stdout } = await machine.run(["clusters"]);
  expect(stdout).toBe(
    "CLUSTER  ROLES      WHERE\nprod     developer  payments\nstaging  developer  payments\n",
  );
  expect(JSON.parse((await machine.run(["clusters", "--output", "json"])).stdout).clusters).toHaveLength(2);
});

test("logout ends it at the installation and here; a copy that somebody made is worth nothing", async () => {
  const { machine } = await signedIn();
  await machine.run(["credential", "--cluster", "prod"]);
  const copy = readFileSync(signInOf(machine), "utf8");
  const { token } = kept(machine).access;
  expect(await machine.run(["logout"])).toMatchObject({ code: 0, stdout: `Signed out of ${url}.\n` });
  expect(existsSync(signInOf(machine))).toBe(false);
  const me = () => fetch(`${url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
  await expect.poll(async () => (await me()).status, PATIENT).toBe(401);
  writeFileSync(signInOf(machine), copy, { mode: 0o600 });
  expect(await machine.run(["whoami"])).toMatchObject({ code: 3 });
  expect(await machine.run(["logout"])).toMatchObject({
    code: 0,
    stdout: `You were not signed in to ${url}.\n`,
  });
});

test("several installations are profiles; commands use the last login's or the named one", async () => {
  const { machine, person } = await signedIn();
  const other = await console_.createPerson("erin");
  expect(await signIn(machine, other, ["--profile", "second"])).toMatchObject({ code: 0 });
  const name = async (words: string[], env = {}) =>
    JSON.parse((await machine.run(["whoami", "-o", "json", ...words], env)).stdout).email;
  expect(await name([])).toBe(other.email);
  expect(await name(["--profile", profileName()])).toBe(person.email);
  expect(await name([], { KUBEWITNESS_CLI_PROFILE: profileName() })).toBe(person.email);
});

test("what an installation gave goes to no other, whatever its profile says by then", async () => {
  const { machine } = await signedIn();
  const file = path.join(folderOf(machine), "profiles.json");
  const elsewhere = url.replace("127.0.0.1", "localhost");
  writeFileSync(file, readFileSync(file, "utf8").replace(JSON.stringify(url), JSON.stringify(elsewhere)));
  expect(await machine.run(["whoami"])).toMatchObject({
    code: 3,
    stdout: "",
    stderr: `error: You are not signed in to ${elsewhere}. Run: kubewitness login ${elsewhere}\n`,
  });
});
