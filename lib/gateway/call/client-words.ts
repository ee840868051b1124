import { METHODS } from "node:http";
import { validate as isUuid } from "uuid";
import type { EntryWords } from "../../audit/entry/entry-text.ts";
import type { TextRedactor } from "../../audit/redaction/redact-text.ts";
import { boundedText } from "../../audit/store/stored-text.ts";
import { clientName } from "../request/client-name.ts";
import type { RequestHead } from "../request/client-request.ts";
import { headerOf } from "../request/raw-headers.ts";
import { type RequestInfo, resourceText } from "../request/request-info.ts";

const MAX_NAME_BYTES = 512;
const MAX_COMMAND_BYTES = 4096;
const MAX_USER_AGENT_BYTES = 512;

/** What a client says of its call and of itself, redacted and bounded, as the rows of the call have it. */
export function readClientWords(
  request: RequestHead,
  info: RequestInfo | null,
  redactor: TextRedactor,
): EntryWords {
  const sent = headerOf(request, "user-agent");
  const agent = sent === null ? null : redactor.redactText(sent);
  const command = headerOf(request, "kubectl-command");
  const sessionId = headerOf(request, "kubectl-session");
  return {
    namespace: nameOrNull(info?.namespace, redactor),
    verb: info?.verb || methodOf(request),
    apiGroup: info?.isResourceRequest ? boundedName(info.apiGroup, redactor) : null,
    resource: info === null ? null : boundedName(resourceText(info), redactor),
    resourceName: nameOrNull(info?.name, redactor),
    // Where it holds a secret, no name is read from it, which could be the secret's beginning.
    clientName: sent !== null && agent === sent ? clientName(sent) : null,
    userAgent: agent === null ? null : boundedText(agent, MAX_USER_AGENT_BYTES),
    command:
      command === null ? null : boundedText(redactor.redactArguments([command])[0] ?? "", MAX_COMMAND_BYTES),
    sessionId: sessionId !== null && isUuid(sessionId) ? sessionId.toLowerCase() : null,
    json: null,
  };
}

export function boundedName(text: string, redactor: TextRedactor): string {
  return boundedText(redactor.redactText(text), MAX_NAME_BYTES);
}

export function nameOrNull(text: string | null | undefined, redactor: TextRedactor): string | null {
  return text === undefined || text === null || text === "" ? null : boundedName(text, redactor);
}

/** What is no HTTP may name anything as its method. */
function methodOf({ method = "" }: RequestHead): string {
  return METHODS.includes(method.toUpperCase()) ? method.toLowerCase() : "unknown";
}
