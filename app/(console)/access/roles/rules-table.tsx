import type { PolicyRule } from "../../../../lib/access/policy/schema.ts";
import { verbRisk } from "../../audit/kubernetes/request-audit/verb-risk.ts";
import { whereAndWhen } from "./rule-words.ts";

/** The rules of a role, one a row. */
export function RulesTable({ rules }: { rules: readonly PolicyRule[] }) {
  return (
    <div className="overflow-auto border-y border-line">
      <table className="rules-table">
        <thead>
          <tr>
            <th scope="col">Effect</th>
            <th scope="col">Verbs</th>
            <th scope="col">Resources</th>
            <th scope="col">API groups</th>
            <th scope="col">Where and when</th>
          </tr>
        </thead>
        <tbody>
          {rules.map((rule, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a rule is its place in the role
            <tr key={index}>
              <td
                data-label="Effect"
                className={rule.effect === "deny" ? "font-medium text-fail" : undefined}
              >
                {rule.effect === "deny" ? "Deny" : "Allow"}
              </td>
              <td data-label="Verbs">
                <Verbs rule={rule} />
              </td>
              <td data-label="Resources">
                <span>
                  <Resources rule={rule} />
                </span>
              </td>
              <td data-label="API groups">{groupsOf(rule)}</td>
              <td data-label="Where and when">
                <span>
                  {whereAndWhen(rule).map((line) => (
                    <span key={line} className="block wrap-anywhere">
                      {line}
                    </span>
                  ))}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Verbs({ rule }: { rule: PolicyRule }) {
  if (rule.verbs.includes("*")) return <span className="text-fg">Every verb</span>;
  return (
    <span className="flex flex-wrap gap-1">
      {rule.verbs.map((verb) => (
        <span key={verb} className={`verb is-${verbRisk(verb, riskyResource(rule))}`}>
          {verb}
        </span>
      ))}
    </span>
  );
}

/** The resource that says what the verbs can do: one that opens a way into a pod, where the rule has any. */
function riskyResource({ resources }: PolicyRule): string | null {
  return resources.find((resource) => verbRisk("get", resource) === "connect") ?? null;
}

function Resources({ rule }: { rule: PolicyRule }) {
  const { resources, exceptResources, names, nonResourceURLs } = rule;
  if (nonResourceURLs.length > 0) {
    return nonResourceURLs.includes("*") ? (
      "Every path that is no resource"
    ) : (
      <Mono names={nonResourceURLs} />
    );
  }
  const named = resources.filter((resource) => resource !== "*");
  const all = resources.includes("*");
  return (
    <>
      {all ? (named.length > 0 ? "Every resource, also " : "Every resource") : null}
      <Mono names={named} />
      {exceptResources.length > 0 ? (
        <>
          {" "}
          but not <Mono names={exceptResources} />
        </>
      ) : null}
      {names.length > 0 ? (
        <>
          {" "}
          named <Mono names={names} />
        </>
      ) : null}
    </>
  );
}

function Mono({ names }: { names: readonly string[] }) {
  return names.map((name, index) => (
    <span key={name}>
      <span className="identifier whitespace-nowrap">{name}</span>
      {index < names.length - 1 ? ", " : null}
    </span>
  ));
}

function groupsOf({ apiGroups, nonResourceURLs }: PolicyRule): string {
  if (nonResourceURLs.length > 0 && apiGroups.length === 0) return "–";
  if (apiGroups.includes("*")) return "Every group";
  return apiGroups.map((group) => group || "core").join(", ");
}
