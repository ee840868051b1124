import { openApi } from "../http/api.ts";
import { defineCommand } from "../program/command.ts";
import { printable } from "../terminal/terminal.ts";
import type { Me } from "./answers.ts";

export const command = defineCommand({
  about: "who one is there",
  arguments: [],
  options: {},
  examples: ["kubewitness whoami", "kubewitness whoami --output json"],
  async run({ terminal, options }) {
    const api = openApi(terminal, options.profile);
    const { grants, clusters, ...me } = await api.json<Me>("/api/v1/me");
    if (options.output === "json") {
      terminal.print(JSON.stringify({ url: api.url, ...me }, null, 2));
      return undefined;
    }
    const facts = [
      ["Installation", api.url],
      ["Name", me.name],
      ["Address", me.email ?? ""],
      ["Console", me.consoleRole],
      ["Groups", me.groups.join(", ")],
      ["Clusters", String(clusters.length)],
      ["Grants", String(grants.length)],
    ];
    for (const [title, value] of facts) if (value) terminal.print(`${title!.padEnd(14)}${printable(value)}`);
    return undefined;
  },
});
