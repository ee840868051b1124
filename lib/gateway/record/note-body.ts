import { type BodyCapture, createBodyCapture } from "../../audit/redaction/body-capture.ts";
import type { TextRedactor } from "../../audit/redaction/redact-text.ts";
import type { ForwardInput } from "../call/call.ts";
import { announcesBody } from "../request/announced-body.ts";
import type { RequestHead } from "../request/client-request.ts";
import { isMutation, type RequestInfo } from "../request/request-info.ts";
import { namesObjectInBody } from "./created-name.ts";

/** Takes note of the body of a call that changes something; null for any other. */
export function captureBody(
  request: RequestHead,
  info: RequestInfo,
  redactor: TextRedactor,
): BodyCapture | null {
  if (!announcesBody(request) || !isMutation(info)) return null;
  const { resource, subresource, verb } = info;
  const encoding = request.headers["content-encoding"];
  return createBodyCapture({
    contentType: request.headers["content-type"],
    contentEncoding: Array.isArray(encoding) ? encoding.join(", ") : encoding,
    requestInfo: { resource, subresource, verb },
    redactor,
  });
}

/** What the body tells: itself, and the name that the path of a create lacks. The cluster gives one where `generateName` asks for it. */
export function noteBody(
  { record, call }: Pick<ForwardInput, "record" | "call">,
  capture: BodyCapture | null,
  answer: { createdName(): string | null } | null,
): void {
  if (capture === null) return;
  record.body = capture.finish() ?? record.body;
  record.dryRunInBody = capture.dryRun();
  if (!namesObjectInBody(call.info)) return;
  record.objectName = capture.objectName() ?? answer?.createdName() ?? null;
}
