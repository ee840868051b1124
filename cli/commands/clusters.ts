import { openApi } from "../http/api.ts";
import { defineCommand } from "../program/command.ts";
import { printTable } from "../terminal/table.ts";
import type { Grant, Me } from "./answers.ts";

export const command = defineCommand({
  about: "the clusters that one may reach",
  arguments: [],
  options: {},
  examples: ["kubewitness clusters", "kubewitness clusters --output json"],
  async run({ terminal, options }) {
    const { clusters, grants } = await openApi(terminal, options.profile).json<Me>("/api/v1/me");
    const rows = clusters.map(({ id, name }) => {
      const counting = grants.filter(({ clusterIds }) => clusterIds === null || clusterIds.includes(id));
      return {
        name,
        roles: distinct(counting.map(({ role }) => role.name)),
        where: distinct(counting.flatMap(placesOf)),
      };
    });
    if (options.output === "json") {
      terminal.print(JSON.stringify({ clusters: rows }, null, 2));
      return undefined;
    }
    printTable(
      terminal,
      [
        { title: "CLUSTER", value: ({ name }) => name },
        { title: "ROLES", value: ({ roles }) => roles.join(", "), yields: true },
        { title: "WHERE", value: ({ where }) => where.join(", "), yields: true },
      ],
      rows,
      "No cluster is granted to you. See: kubewitness request",
    );
    return undefined;
  },
});

const distinct = (texts: string[]) => [...new Set(texts)].sort();

function placesOf({ namespaces, project, department, nodePool }: Grant): string[] {
  if (project) return [`project ${project.name}`];
  if (department) return [`department ${department.name}`];
  if (nodePool) return [`node pool ${nodePool.name}`];
  return namespaces.length > 0 ? namespaces : ["everywhere"];
}
