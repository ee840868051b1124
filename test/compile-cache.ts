import path from "node:path";

/**
 * For the environment of a program of the product that a test starts: Node keeps there what it has made of the modules, so that the next one has half of
 * the work (`NODE_COMPILE_CACHE`: https://nodejs.org/api/module.html#module-compile-cache). A changed module is compiled anew.
 */
export const COMPILE_CACHE = {
  NODE_COMPILE_CACHE: path.join(import.meta.dirname, "../node_modules/.cache/kubewitness-tests"),
};
