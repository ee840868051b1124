import { optional } from "./setting.ts";
import * as value from "./values.ts";

const MOST_CHARACTERS = 300;

/** The settings of what the console shows: `console.*`. */
export const consoleSettings = {
  banner: optional({
    yaml: "console.banner",
    env: "KUBEWITNESS_CONSOLE_BANNER",
    kind: value.shownLine(`one line of at most ${MOST_CHARACTERS} characters`, MOST_CHARACTERS),
    defaultText: "none",
    meaning: "Text above every page of the console, for everybody, on the sign-in page too.",
    changeable: true,
  }),
};
