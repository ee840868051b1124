import { defineCommand } from "../program/command.ts";
import { VERSION } from "../program/version.ts";

export const command = defineCommand({
  about: "the version of this program",
  arguments: [],
  options: {},
  examples: ["kubewitness version"],
  async run({ terminal, options }) {
    const version = {
      version: VERSION,
      node: process.versions.node,
      platform: `${process.platform}-${process.arch}`,
    };
    terminal.print(
      options.output === "json"
        ? JSON.stringify(version, null, 2)
        : `kubewitness ${version.version} (Node ${version.node}, ${version.platform})`,
    );
    return undefined;
  },
});
