import { createRequire } from "node:module";

// What Next's server loads before anything else of Next's: without it there is no scope of a request (next-request-scope.ts).
createRequire(import.meta.url)("next/dist/server/node-environment-baseline.js");
