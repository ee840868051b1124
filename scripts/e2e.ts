import path from "node:path";
import { parseArgs } from "node:util";
import { ensureChromium } from "./chromium.ts";
import { ensureKubectl } from "./kubectl-binaries.ts";
import { ensurePrismaClient } from "./prisma-client.ts";
import { projectRoot, runProgram, runScript, StepError } from "./steps.ts";
import { ensureWebBuild } from "./web-build.ts";

/** What is about kubectl and Helm through the gateway, not about the console's pages or the demo's cluster alone. */
const FOR_ANY_CLUSTER = /^e2e\/(kubectl-[\w-]+|helm)\.spec\.ts$/;
const USAGE = "takes --kubeconfig FILE, --context NAME (of that file), and names of files in e2e/";

// npm run e2e [-- --kubeconfig FILE [--context NAME]] [FILES]: the end-to-end tests, or those of kubectl and Helm on a cluster that is given.
await runScript(async () => {
  const { kubeconfig, context, files } = readOptions(process.argv.slice(2));
  await ensurePrismaClient();
  await ensureKubectl();
  await ensureWebBuild();
  return runProgram("playwright", ["test", ...files], {
    CHROMIUM_PATH: await ensureChromium(),
    E2E_KUBECONFIG: kubeconfig,
    E2E_CONTEXT: context,
  });
});

interface Options {
  kubeconfig: string | undefined;
  context: string | undefined;
  files: string[];
}

function readOptions(commandLine: string[]): Options {
  const options = { kubeconfig: { type: "string" }, context: { type: "string" } } as const;
  const { values, positionals } = parse(() =>
    parseArgs({ args: commandLine, options, allowPositionals: true }),
  );
  // npm runs scripts in the project's root; a name is relative to where npm was called.
  const folder = process.env.INIT_CWD ?? process.cwd();
  const files = positionals.map((file) => path.relative(projectRoot, path.resolve(folder, file)));
  if (values.kubeconfig === undefined) {
    if (values.context !== undefined) throw new StepError("--context got no --kubeconfig: takes both");
    return { kubeconfig: undefined, context: undefined, files };
  }
  const other = files.find((file) => !FOR_ANY_CLUSTER.test(file));
  if (other !== undefined)
    throw new StepError(`--kubeconfig got ${other}: takes e2e/kubectl-*.spec.ts and e2e/helm.spec.ts`);
  const chosen = files.length > 0 ? files : ["e2e/kubectl-", "e2e/helm.spec.ts"];
  return { kubeconfig: path.resolve(folder, values.kubeconfig), context: values.context, files: chosen };
}

function parse<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new StepError(`${(error as Error).message.split(". ")[0]}; ${USAGE}`);
  }
}
