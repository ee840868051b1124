import type { ZodOpenApiPathsObject } from "zod-openapi";
import {
  OpenedTerminal,
  OpenTerminalInput,
  TerminalDownloadPath,
  TerminalList,
  TerminalTicket,
} from "../../../lib/terminal/sessions/schema.ts";
import { IdParameter } from "../id-parameter.ts";
import { describeOperation } from "./operation.ts";

const TAG = "Web shell";
const CONSOLE_ONLY = "For the console: it takes a session's cookie, and no bearer token.";

/** Terminals of the web shell. */
export const terminalPaths: ZodOpenApiPathsObject = {
  "/api/v1/terminals": {
    get: describeOperation({
      id: "listTerminals",
      summary: "One's own terminals of this console session",
      description: CONSOLE_ONLY,
      tag: TAG,
      answers: { "application/json": TerminalList },
      refusals: [401, 403, 503],
    }),
    post: describeOperation({
      id: "openTerminal",
      summary: "Open a terminal on a cluster that a grant of one's own reaches, at most 8 at once",
      description: `${CONSOLE_ONLY} The answer has a ticket for the WebSocket /api/v1/terminals/{id}/socket, which counts once, within 30 seconds.`,
      tag: TAG,
      body: OpenTerminalInput,
      status: "201",
      answers: { "application/json": OpenedTerminal },
      refusals: [400, 401, 403, 404, 429, 503],
    }),
  },
  "/api/v1/terminals/{id}": {
    delete: describeOperation({
      id: "closeTerminal",
      summary: "End a terminal of one's own",
      description: CONSOLE_ONLY,
      tag: TAG,
      path: IdParameter,
      status: "204",
      answers: {},
      refusals: [400, 401, 403, 404, 503],
    }),
  },
  "/api/v1/terminals/{id}/tickets": {
    post: describeOperation({
      id: "ticketOfTerminal",
      summary: "A ticket to connect to a terminal once more",
      description: CONSOLE_ONLY,
      tag: TAG,
      path: IdParameter,
      status: "201",
      answers: { "application/json": TerminalTicket },
      refusals: [400, 401, 403, 404, 503],
    }),
  },
  "/api/v1/terminals/{id}/downloads/{downloadId}": {
    get: describeOperation({
      id: "downloadFromTerminal",
      summary: "A file that the shell offered, once",
      description: CONSOLE_ONLY,
      tag: TAG,
      path: TerminalDownloadPath,
      answers: { "application/octet-stream": "The file's bytes." },
      refusals: [400, 401, 403, 404, 503],
    }),
  },
};
