import { stringify } from "yaml";
import type { PolicyRule } from "../../policy/schema.ts";
import type { RoleDocument, RoleDocumentInput } from "./schema.ts";

/** The document in the order of its fields, without what says no more than leaving it out: two that mean the same are the same text. */
export function canonicalDocument({ apiVersion, kind, metadata, spec }: RoleDocument): RoleDocumentInput {
  const { rules, kubernetes, impersonate, recording, auditReads, requests } = spec;
  return {
    apiVersion,
    kind,
    metadata: {
      name: metadata.name,
      ...(metadata.description === "" ? {} : { description: metadata.description }),
    },
    spec: {
      rules: rules.map(canonicalRule),
      ...given("kubernetes", { ...given("user", kubernetes.user), ...given("groups", kubernetes.groups) }),
      ...given("impersonate", {
        ...given("users", impersonate.users),
        ...given("groups", impersonate.groups),
      }),
      recording: { mode: recording.mode, input: recording.input },
      ...given("auditReads", auditReads),
      ...(requests === undefined
        ? {}
        : {
            requests: {
              requestable: requests.requestable,
              ...given("approverRoles", requests.approverRoles),
              ...given("maxDuration", requests.maxDuration),
              ...(requests.breakGlass === undefined
                ? {}
                : { breakGlass: canonicalBreakGlass(requests.breakGlass) }),
            },
          }),
    },
  };
}

/** The canonical document as YAML. */
export function writeDocument(document: RoleDocument): string {
  // Readers of YAML 1.1 take 22:00 for a number, and no for false: such texts stand in quotes.
  const options = { lineWidth: 0, aliasDuplicateObjects: false, compat: "yaml-1.1" } as const;
  return stringify(canonicalDocument(document), options);
}

function canonicalRule(rule: PolicyRule): RoleDocumentInput["spec"]["rules"][number] {
  return {
    effect: rule.effect,
    ...given("description", rule.description),
    ...given("clusters", rule.clusters),
    ...given("clusterLabels", rule.clusterLabels),
    ...given("apiGroups", rule.apiGroups),
    ...given("resources", rule.resources),
    ...given("exceptResources", rule.exceptResources),
    verbs: rule.verbs,
    ...given("namespaces", rule.namespaces),
    ...given("namespaceLabels", rule.namespaceLabels),
    ...given("names", rule.names),
    ...given("nonResourceURLs", rule.nonResourceURLs),
    ...given("when", rule.when && canonicalWhen(rule.when)),
  };
}

type BreakGlass = NonNullable<NonNullable<RoleDocument["spec"]["requests"]>["breakGlass"]>;

const canonicalBreakGlass = ({ anyone, groups }: BreakGlass) => ({
  ...(anyone ? { anyone } : {}),
  ...given("groups", groups),
});

type When = NonNullable<PolicyRule["when"]>;

const canonicalWhen = (when: When): When => ({
  ...given("networks", when.networks),
  ...given("hours", when.hours),
  ...given("weekdays", when.weekdays),
  ...given("timeZone", when.timeZone),
  ...given("accessMethods", when.accessMethods),
  ...given("secondFactorWithin", when.secondFactorWithin),
  ...given("expression", when.expression),
});

/** The field, or nothing where it is left out or empty. */
function given<K extends string, V>(name: K, value: V | undefined): { [Name in K]?: V } {
  const isEmpty =
    value === undefined || (typeof value === "object" && Object.keys(value as object).length === 0);
  return (isEmpty ? {} : { [name]: value }) as { [Name in K]?: V };
}
