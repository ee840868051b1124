import { fieldsOf, listOf, textOf } from "../objects/fields.ts";
import type { KubeObject } from "../objects/object.ts";
import type { Store } from "../storage/store.ts";
import type { Attributes } from "./attributes.ts";
import { parseServiceAccount, type UserInfo } from "./user.ts";

export type Rule = {
  verbs: string[];
  apiGroups: string[];
  resources: string[];
  resourceNames: string[];
  nonResourceURLs: string[];
};

export type Decision = { allowed: boolean; reason: string };

const api = "rbac.authorization.k8s.io";

function texts(value: unknown): string[] {
  return listOf(value).map(textOf);
}

function readRule(value: unknown): Rule {
  const rule = fieldsOf(value);
  return {
    verbs: texts(rule.verbs),
    apiGroups: texts(rule.apiGroups),
    resources: texts(rule.resources),
    resourceNames: texts(rule.resourceNames),
    nonResourceURLs: texts(rule.nonResourceURLs),
  };
}

function matchesResource(rule: Rule, { resource, subresource }: Attributes): boolean {
  const full = subresource === "" ? resource : `${resource}/${subresource}`;
  return rule.resources.some(
    (allowed) =>
      allowed === "*" || allowed === full || (subresource !== "" && allowed === `*/${subresource}`),
  );
}

function matchesPath(rule: Rule, path: string): boolean {
  return rule.nonResourceURLs.some(
    (allowed) => allowed === path || (allowed.endsWith("*") && path.startsWith(allowed.slice(0, -1))),
  );
}

function allows(rule: Rule, attributes: Attributes): boolean {
  if (!rule.verbs.includes("*") && !rule.verbs.includes(attributes.verb)) return false;
  if (!attributes.isResourceRequest) return matchesPath(rule, attributes.path);
  if (!rule.apiGroups.includes("*") && !rule.apiGroups.includes(attributes.group)) return false;
  const named = rule.resourceNames.length === 0 || rule.resourceNames.includes(attributes.name);
  return named && matchesResource(rule, attributes);
}

function describesUser(subject: unknown, user: UserInfo): boolean {
  const { kind, name, namespace } = fieldsOf(subject);
  if (kind === "User") return name === user.name;
  if (kind === "Group") return user.groups.includes(textOf(name));
  const account = parseServiceAccount(user.name);
  return account !== undefined && account.name === name && account.namespace === namespace;
}

function subjectIn(binding: KubeObject, user: UserInfo): unknown {
  return listOf(binding.subjects).find((subject) => describesUser(subject, user));
}

function formatSubject(subject: unknown): string {
  const { kind, name, namespace } = fieldsOf(subject);
  return kind === "ServiceAccount"
    ? `ServiceAccount "${name}/${namespace}"`
    : `${textOf(kind)} "${textOf(name)}"`;
}

/** Decides by the Role, ClusterRole and binding objects of the store, as the RBAC authorizer does. */
export class RbacAuthorizer {
  #store: Store;
  #rules = new WeakMap<KubeObject, Rule[]>();

  constructor(store: Store) {
    this.#store = store;
  }

  authorize(user: UserInfo, attributes: Attributes): Decision {
    if (user.groups.includes("system:masters")) return { allowed: true, reason: "" };
    for (const { rules, reason } of this.#grants(user, attributes.namespace)) {
      if (rules.some((rule) => allows(rule, attributes))) return { allowed: true, reason: reason() };
    }
    return { allowed: false, reason: "" };
  }

  /** Every rule that holds for a user in a namespace, as SelfSubjectRulesReview lists them. */
  rulesFor(user: UserInfo, namespace: string): Rule[] {
    const everything: Rule = {
      verbs: ["*"],
      apiGroups: ["*"],
      resources: ["*"],
      resourceNames: [],
      nonResourceURLs: [],
    };
    const anyPath: Rule = { ...everything, apiGroups: [], resources: [], nonResourceURLs: ["*"] };
    const masters = user.groups.includes("system:masters") ? [everything, anyPath] : [];
    return masters.concat([...this.#grants(user, namespace)].flatMap(({ rules }) => rules));
  }

  *#grants(user: UserInfo, namespace: string): Generator<{ rules: Rule[]; reason: () => string }> {
    for (const binding of this.#store.list(`${api}/clusterrolebindings`)) {
      const subject = subjectIn(binding, user);
      if (subject !== undefined) yield this.#grant(binding, subject, "");
    }
    if (namespace === "") return;
    for (const binding of this.#store.list(`${api}/rolebindings`, namespace)) {
      const subject = subjectIn(binding, user);
      if (subject !== undefined) yield this.#grant(binding, subject, namespace);
    }
  }

  #grant(binding: KubeObject, subject: unknown, namespace: string) {
    const { kind, name } = fieldsOf(binding.roleRef);
    const role =
      kind === "Role"
        ? this.#store.get(`${api}/roles`, namespace, textOf(name))
        : this.#store.get(`${api}/clusterroles`, "", textOf(name));
    const scope = namespace === "" ? binding.metadata.name : `${binding.metadata.name}/${namespace}`;
    const reason = () =>
      `RBAC: allowed by ${binding.kind} "${scope}" of ${textOf(kind)} "${textOf(name)}" to ${formatSubject(subject)}`;
    return { rules: role === undefined ? [] : this.#rulesOf(role), reason };
  }

  #rulesOf(role: KubeObject): Rule[] {
    let rules = this.#rules.get(role);
    if (rules === undefined) {
      rules = listOf(role.rules).map(readRule);
      this.#rules.set(role, rules);
    }
    return rules;
  }
}
