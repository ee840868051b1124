import { parse } from "yaml";
import { z } from "zod";
import { type ProviderConfig, type ProviderEntry, readProviderEntry } from "./provider-entry.ts";
import { showValue } from "./show-value.ts";
import { suggestName } from "./suggest-name.ts";
import type { ValueKind } from "./values.ts";

const MOST_PROVIDERS = 50;

interface Reading {
  providers: ProviderConfig[];
  problems: string[];
}

/** `providers`: a list in config.yaml, or its text in the environment. */
export const providerList: ValueKind<ProviderConfig[]> = {
  takes:
    "a list of providers, each with an id, a kind (oidc or saml), an issuer, and what the kind needs beside it",
  schema: z.unknown().transform((got, context) => {
    const { providers, problems } = readList(got, "");
    for (const message of problems) context.addIssue({ code: "custom", message });
    return providers;
  }),
  explain: (got, origin) => readList(got, origin).problems,
};

function readList(got: unknown, origin: string): Reading {
  const list = typeof got === "string" ? parseText(got) : got;
  if (!Array.isArray(list) || list.length > MOST_PROVIDERS || !list.every(isGroup)) {
    const problem = `providers (KUBEWITNESS_PROVIDERS) got a value that is not shown from ${origin}: takes ${providerList.takes}, at most ${MOST_PROVIDERS}`;
    return { providers: [], problems: [problem] };
  }
  const read = list.map((entry, index) => describeEntry(readProviderEntry(entry), { index, origin }));
  return {
    providers: read.map(({ provider }) => provider),
    problems: read.flatMap(({ problems }) => problems),
  };
}

function describeEntry(
  { provider, unknown, wrong, known }: ProviderEntry,
  { index, origin }: { index: number; origin: string },
): { provider: ProviderConfig; problems: string[] } {
  const name = `providers[${index}]`;
  const unknownLines = unknown.map(
    (key) => `${name}.${key} in ${origin} is not a setting${suggestName(key, known)}`,
  );
  const wrongLines = wrong.map(({ field, got, takes, secret }) =>
    got === undefined || got === null
      ? `${name}.${field} is not set in ${origin}: takes ${takes}`
      : `${name}.${field} got ${showValue({ secret }, got)} from ${origin}: takes ${takes}`,
  );
  return { provider, problems: [...unknownLines, ...wrongLines] };
}

function parseText(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
