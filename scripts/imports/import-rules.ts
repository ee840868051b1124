import type { Import, SourceFile } from "./read-imports.ts";

/** A direction that imports must keep (docs/architecture.md, "Directions"). */
interface Rule {
  /** What the report says. */
  says: string;
  appliesTo: (file: string) => boolean;
  forbids: (imported: Import, file: string) => boolean;
}

const DOMAINS = [
  "identity",
  "access",
  "alerts",
  "clusters",
  "audit",
  "recordings",
  "settings",
  "streams",
  "terminal",
  "tunnels",
  "webhooks",
];

const under = (...folders: string[]) => {
  return (file: string | undefined) => folders.some((folder) => file?.startsWith(`${folder}/`) ?? false);
};
const inLib = under("lib");
const inApp = (file: string) => under("app")(file) || file === "proxy.ts";
const inDomain = under(...DOMAINS.map((domain) => `lib/${domain}`));
const inSandbox = under("sandbox");
const inTools = under("scripts", "e2e", "bench", "test", "cli", "agent");
const isCompositionRoot = (file: string) => file === "server.ts" || under("server")(file);
const isPackage = (imported: Import, ...names: string[]) =>
  names.some((name) => imported.specifier === name || imported.specifier.startsWith(`${name}/`));
/** Tests and what only they use: `testing/` and `fixtures/` folders beside the code. */
export const isTest = (file: string) =>
  /\.test\.tsx?$|\/(testing|fixtures)\//.test(file) || under("test", "e2e")(file);
const isBrowserSafe = (target: string | undefined) =>
  under("lib/filter")(target) || (target?.endsWith("/schema.ts") ?? false);

/** The gateway's rooms: each may use those before it (docs/architecture.md, "The gateway's rooms"). */
const ROOMS = ["answer", "request", "call", "record", "forward", "decide", "session", "arrive", "front"];
/** The place of a file's room among them; -1 for what is above the rooms. */
const roomOf = (file: string) => ROOMS.findIndex((room) => under(`lib/gateway/${room}`)(file));

const RULES: Rule[] = [
  {
    says: "lib imports neither app nor anything that starts it",
    appliesTo: (file) => inLib(file) && !isTest(file),
    forbids: ({ target }) => target !== undefined && !under("lib", "prisma/generated")(target),
  },
  {
    says: "nothing imports lib/gateway but server.ts, the gateway itself, tests and benches",
    appliesTo: (file) => !under("lib/gateway", "bench")(file) && !isCompositionRoot(file) && !isTest(file),
    forbids: ({ target }) => under("lib/gateway")(target),
  },
  {
    says: `a room of lib/gateway uses only itself and those before it: ${ROOMS.join(", ")}`,
    appliesTo: (file) => roomOf(file) >= 0 && !isTest(file),
    forbids: ({ target }, file) =>
      under("lib/gateway")(target) && (roomOf(target!) < 0 || roomOf(target!) > roomOf(file)),
  },
  {
    says: "the base of lib (db, log, errors, config, pki, ...) imports no domain",
    appliesTo: (file) => inLib(file) && !inDomain(file) && !under("lib/gateway")(file) && !isTest(file),
    forbids: ({ target }) => inDomain(target),
  },
  {
    says: "audit imports neither identity, access, clusters nor recordings",
    appliesTo: (file) => under("lib/audit")(file) && !isTest(file),
    forbids: ({ target }) => under("lib/identity", "lib/access", "lib/clusters", "lib/recordings")(target),
  },
  {
    says: "lib/filter and lib/wire import nothing of the house",
    appliesTo: (file) => under("lib/filter", "lib/wire")(file) && !isTest(file),
    forbids: ({ target }, file) =>
      target !== undefined && !under(file.split("/").slice(0, 2).join("/"))(target),
  },
  {
    says: "app asks a domain of lib: never lib/db, the generated client or a database driver",
    appliesTo: (file) => inApp(file) && !isTest(file),
    forbids: (imported) =>
      under("lib/db", "prisma")(imported.target) ||
      isPackage(imported, "pg", "@prisma/client", "@prisma/adapter-pg"),
  },
  {
    says: "app imports nothing outside app and lib",
    appliesTo: (file) => inApp(file) && !isTest(file),
    forbids: ({ target }) => target !== undefined && !under("app", "lib")(target),
  },
  {
    says: "only lib/identity touches next-auth",
    appliesTo: (file) => !under("lib/identity")(file),
    forbids: (imported) => isPackage(imported, "next-auth", "@next-auth"),
  },
  {
    says: "nothing imports sandbox but server/demo, tests and scripts",
    appliesTo: (file) => !inSandbox(file) && !inTools(file) && !isTest(file) && !under("server/demo")(file),
    forbids: (imported) => inSandbox(imported.target) || isPackage(imported, "kubewitness-sandbox"),
  },
  {
    says: "sandbox is a package: import what its package.json exports, by its name",
    appliesTo: (file) => !inSandbox(file),
    forbids: ({ target }) => inSandbox(target),
  },
  {
    says: "properties are checked with the seed of test/properties.ts: import fast-check from there",
    appliesTo: (file) => file !== "test/properties.ts" && !under("bench")(file),
    forbids: (imported) => isPackage(imported, "fast-check"),
  },
  {
    says: "only tests, scripts and benches import what is for tests",
    appliesTo: (file) => !isTest(file) && !inTools(file),
    forbids: ({ target }) => target !== undefined && isTest(target),
  },
  {
    says: "sandbox imports only lib/wire; its tests also what test and scripts have",
    appliesTo: inSandbox,
    forbids: ({ target }, file) =>
      target !== undefined &&
      !under("sandbox", "lib/wire", ...(isTest(file) ? ["test", "scripts"] : []))(target),
  },
];

const CLIENT_RULE = "what runs in the browser imports from lib only schema.ts files and lib/filter";
const ENVIRONMENT_RULE = "only lib/config.ts reads process.env";
const readsEnvironment = (file: string) =>
  inTools(file) || isTest(file) || /^lib\/config(\.ts|\/)|\.config\.(ts|mjs)$/.test(file);

/** A broken rule, as `file:line` and words. */
export interface Violation {
  file: string;
  line: number;
  text: string;
}

/** Checks all files together: what a client component imports runs in the browser too. */
export function findViolations(files: SourceFile[]): Violation[] {
  const browser = filesInBrowser(files);
  return files.flatMap((source) => [
    ...source.imports.flatMap((imported) => violationsOf(source, imported, browser.has(source.file))),
    ...(readsEnvironment(source.file) ? [] : source.environmentReads).map((line) => ({
      file: source.file,
      line,
      text: `reads process.env: ${ENVIRONMENT_RULE}`,
    })),
  ]);
}

function violationsOf({ file }: SourceFile, imported: Import, inBrowser: boolean): Violation[] {
  const broken = RULES.filter((rule) => rule.appliesTo(file) && rule.forbids(imported, file)).map(
    ({ says }) => says,
  );
  const bundled = inBrowser && !imported.typeOnly && inLib(imported.target);
  if (bundled && !isBrowserSafe(imported.target)) broken.push(CLIENT_RULE);
  return broken.map((says) => ({
    file,
    line: imported.line,
    text: `imports ${imported.specifier}: ${says}`,
  }));
}

/** The client components and all that they import, up to what lib declares safe. */
function filesInBrowser(files: SourceFile[]): Set<string> {
  const byName = new Map(files.map((source) => [source.file, source]));
  const browser = new Set<string>();
  const visit = (source: SourceFile | undefined) => {
    if (!source || browser.has(source.file)) return;
    browser.add(source.file);
    for (const { target, typeOnly } of source.imports) {
      if (typeOnly) continue;
      if (!inLib(target) || isBrowserSafe(target)) visit(byName.get(target ?? ""));
    }
  };
  for (const source of files) if (source.client && !isTest(source.file)) visit(source);
  return browser;
}
