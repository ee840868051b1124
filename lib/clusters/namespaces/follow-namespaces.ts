import { setNamespaceLabels } from "../../access/labels/namespace-labels.ts";
import { currentDirectory } from "../../access/scopes/current.ts";
import { currentDecisionTable } from "../../access/table/current.ts";
import { followLabels } from "../objects/follow-labels.ts";
import { registeredClusters } from "../registry.ts";

/** Knows the labels of the namespaces of the clusters on which a rule, a grant or a project goes by them. Called at start. */
export function followNamespaces(): { stop(): void } {
  return followLabels({
    path: "/api/v1/namespaces",
    what: "namespaces",
    wanted: () =>
      registeredClusters().filter(
        ({ id }) =>
          currentDecisionTable().asksNamespaceLabels(id) || currentDirectory().asksNamespaceLabels(id),
      ),
    onChange: setNamespaceLabels,
  });
}
