import type { Command } from "../../commands/command.ts";
import { helpers, kubectlConfig } from "../../commands/registry/registry.ts";
import { allowKubectl } from "../../kubectl/allow-kubectl.ts";
import type { AllowedCommand } from "../../kubectl/allowed-command.ts";
import { privateName } from "../../kubectl/private-name.ts";
import { verbs } from "../../kubectl/verbs.ts";
import { LineRefusal } from "../../line/line-refusal.ts";
import { parseLine, type Stage } from "../../line/parse-line.ts";

/** One program of a line that may run. */
export type PlannedStage =
  | { kind: "kubectl"; command: AllowedCommand }
  | { kind: "helper"; command: Command; words: string[] };

export interface Plan {
  stages: PlannedStage[];
  /** File of the private directory that the first program reads. */
  input: string | null;
  output: { file: string; append: boolean } | null;
}

/** What a line may do; null for a blank one. Throws a LineRefusal where any part of it is refused: then nothing of it runs. */
export function planLine(line: string): Plan | null {
  const pipeline = parseLine(line);
  const [first, last] = [pipeline[0], pipeline.at(-1)];
  if (!first || !last) return null;
  const stages = pipeline.map(planStage);
  for (const stage of stages)
    if (stage.kind === "kubectl") checkPlace(stage.command, pipeline, stages.indexOf(stage));
  return {
    stages,
    input: first.input === null ? null : privateName(first.input),
    output: last.output && { ...last.output, file: privateName(last.output.file) },
  };
}

function planStage({ words: [program = "", ...words] }: Stage): PlannedStage {
  if (program === "kubectl" || program === "k") {
    if (words[0] === "config") return { kind: "helper", command: kubectlConfig, words: words.slice(1) };
    return { kind: "kubectl", command: allowKubectl(words) };
  }
  const command = helpers.get(program);
  if (command) return { kind: "helper", command, words };
  const isVerb = [...verbs.keys()].some((verb) => verb.split(" ")[0] === program);
  throw new LineRefusal(
    isVerb
      ? `${program} is one of kubectl's: write kubectl ${program}`
      : `there is no ${JSON.stringify(program)} here: see help`,
  );
}

/** What a command needs of its place in the line. */
function checkPlace(command: AllowedCommand, pipeline: Stage[], at: number): void {
  const alone = pipeline.length === 1 && pipeline[0]!.input === null && pipeline[0]!.output === null;
  if ((command.verb === "cp" || command.edits) && !alone)
    throw new LineRefusal(`${command.verb} stands alone in a line: without |, < and >`);
  if (command.standardInput !== null && (at > 0 || pipeline[0]!.input !== null))
    throw new LineRefusal(`${command.verb} -f reads a file already: nothing can come by | or <`);
}
