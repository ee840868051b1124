import path from "node:path";
import { ensurePrismaClient } from "./prisma-client.ts";
import { serve } from "./serve.ts";
import { runScript } from "./steps.ts";
import { ensureWebBuild } from "./web-build.ts";

/** npm runs scripts in the project's root; a file that is named on the command line is relative to where npm was called. */
function fromCallersFolder(options: string[]): string[] {
  const folder = process.env.INIT_CWD ?? process.cwd();
  return options.map((option, index) =>
    options[index - 1] === "--kubeconfig" ? path.resolve(folder, option) : option,
  );
}

/** Nothing is served then. */
const isCommand = ["--create-administrator", "--rotate-encryption-key"].some((option) =>
  process.argv.includes(option),
);

await runScript(() =>
  serve({
    mode: "production",
    prepare: async () => {
      await ensurePrismaClient();
      if (!isCommand) await ensureWebBuild();
    },
    serverArguments: fromCallersFolder(process.argv.slice(2)),
  }),
);
