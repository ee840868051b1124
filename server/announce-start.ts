import path from "node:path";
import type { Config } from "../lib/config.ts";
import type { Offer } from "../lib/identity/local/set-up/offer.ts";
import type { EndedDemo } from "./end-demo.ts";

export interface StartAnnouncement {
  config: Config;
  /** What became of the clusters of a kubeconfig that was named; one line each. */
  imported: string[];
  /** What ended of a demo that this database was before. */
  ended: EndedDemo | null;
  /** How the first visitor becomes an administrator; null where there may be none. */
  firstVisit: Offer | null;
  /** People who can sign in, as the demo's identity provider offers them; null where a real one is configured. */
  demo: {
    people: readonly { name: string; title: string }[];
    kubeconfig: string;
    application: string;
  } | null;
}

/** What a person reads who started this at a terminal: where to go, who can sign in, what to type, what comes next. */
export function formatStart({ config, imported, ended, firstVisit, demo }: StartAnnouncement): string {
  const rows = [
    ...(demo ? demoRows(config, demo) : realRows(config)),
    ...(firstVisit
      ? [
          [
            "First visit",
            `${firstVisit.url} makes who opens it first an administrator, within an hour`,
          ] as Row,
        ]
      : []),
    ...imported.map((line): Row => ["", line]),
    ...(ended ? endedRows(ended) : []),
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  const lines = rows.map(([label, text]) => `  ${label.padEnd(width)}  ${text}`);
  return `\n  Kubewitness is running.\n\n${lines.join("\n")}\n\n`;
}

type Row = [label: string, text: string];

function demoRows(config: Config, demo: NonNullable<StartAnnouncement["demo"]>): Row[] {
  const people = demo.people.map(({ name, title }): Row => ["", `${name} (${title})`]);
  return [
    ["Console", `${config.publicUrl} (for this machine alone)`],
    ["Sign in", "as one of these, without a password:"],
    ...people,
    ["kubectl", `kubectl --kubeconfig ${asTyped(demo.kubeconfig)} get pods --namespace payments`],
    ["", "contexts: alice, admin, auditor (--context admin)"],
    ["API", `${asTyped(demo.application)} has the id and secret of a read-only application`],
    ["Go real", "set OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET (docs/configuration.md), then"],
    ["", "npm start -- --kubeconfig FILE registers every context of a kubeconfig as a cluster"],
  ];
}

function realRows(config: Config): Row[] {
  return [
    ["Console", config.publicUrl],
    ...config.providers.map(({ issuer }, index): Row => [index === 0 ? "Sign in" : "", `with ${issuer}`]),
    ["Proxy", `${config.kubePublicUrl}/k8s/clusters/<name>; the console gives each person a kubeconfig`],
    ["Clusters", "npm start -- --kubeconfig FILE registers every context of a kubeconfig"],
  ];
}

function endedRows({ people, applications, clusters, grants }: EndedDemo): Row[] {
  return [
    [
      "Demo",
      `this database was the demo's; ended, and on the record: ${people} people with their tokens and sessions,`,
    ],
    ["", `${applications} applications, ${clusters} clusters, ${grants} other grants`],
  ];
}

/** Relative to the working directory where that is shorter; quoted where a shell would split it. */
function asTyped(file: string): string {
  const relative = path.relative(process.cwd(), file);
  const shown = relative.startsWith("..") ? file : relative;
  return /^[\w./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}
