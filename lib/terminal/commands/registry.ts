import type { Command } from "./command.ts";
import { cat, download, echo, ls, rm, upload } from "./file-commands.ts";
import { less } from "./less.ts";
import { clear, config, ctx, exit, history, ns } from "./session-commands.ts";
import { grep, head, sort, tail, wc } from "./text-commands.ts";

const help: Command = {
  usage: "help",
  about: "this list; kubectl help VERB for one of kubectl's",
  async run({ write }) {
    const commands = [...helpers.values()].map(({ usage, about }) => `  ${usage.padEnd(34)} ${about}\n`);
    await write(
      [
        "kubectl VERB …                       kubectl on this cluster, as you: get, describe, logs, exec, apply, edit, cp …\n",
        ...commands,
        "\nprogram | program   program > file   program >> file   program < file   kubectl apply -f FILE or -f -\n",
        "Tab completes. Ctrl-R searches lines that were run. There is no other program and no host shell here.\n",
      ].join(""),
    );
    return 0;
  },
};

/** Every helper by the name that it is called by. */
export const helpers: ReadonlyMap<string, Command> = new Map(
  Object.entries({
    ...{ help, history, clear, ns, ctx, exit },
    ...{ less, grep, head, tail, wc, sort },
    ...{ cat, echo, ls, rm, upload, download },
  }),
);

/** `kubectl config`, which this process answers. */
export const kubectlConfig: Command = config;
