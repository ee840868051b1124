import { CHANNEL, type ChannelProtocol, encodeChannelMessage } from "./channel-protocol.ts";
import { SpdyFrameEncoder } from "./spdy-encode.ts";
import { encodeClose, encodeFrame, WEBSOCKET_OPCODE } from "./websocket-frames.ts";

/** What the person at an exec or attach is told when it is ended before its command has. */
export interface LastWords {
  /** Shown as output of the session, where it may be. */
  text: string;
  /** Which output that is: stdout of a terminal, stderr where it was asked for; null: none, what takes a piped stdout must not get it. */
  stream: "stdout" | "stderr" | null;
  /** What kubectl prints as its error (Status.message). */
  message: string;
  /** Status.reason and Status.code. */
  reason: string;
  code: number;
}

/**
 * The frames in which a kubelet would end the session: the text, the failure on the error channel, CLOSE 1000 (with another code kubectl
 * says only that the connection was closed).
 */
export function encodeChannelLastWords(protocol: ChannelProtocol, words: LastWords): Buffer {
  const opcode = protocol.base64 ? WEBSOCKET_OPCODE.text : WEBSOCKET_OPCODE.binary;
  const frame = (channel: number, text: string) =>
    encodeFrame({ opcode, payload: encodeChannelMessage(protocol, channel, Buffer.from(text)) });
  return Buffer.concat([
    ...(words.stream === null ? [] : [frame(CHANNEL[words.stream], words.text)]),
    frame(CHANNEL.error, failureText(words, protocol.jsonStatus)),
    encodeClose(1000),
  ]);
}

/**
 * The same over SPDY/3.1: the rest of each stream that the server still may write to (by `streamtype`), then GOAWAY. Null where there is no
 * such error stream: nobody would read it.
 */
export function encodeSpdyLastWords(
  streams: ReadonlyMap<string, number>,
  words: LastWords,
  jsonStatus: boolean,
): Buffer | null {
  const errorStream = streams.get("error");
  if (errorStream === undefined) return null;
  const encoder = new SpdyFrameEncoder();
  const end = (streamId: number, text: string) => {
    const payload = Buffer.from(text);
    return [encoder.dataHeader(streamId, payload.length, true), payload];
  };
  // kubectl reads the error stream once the others have ended.
  const outputs = (["stdout", "stderr"] as const).flatMap((stream) => {
    const streamId = streams.get(stream);
    return streamId === undefined ? [] : end(streamId, words.stream === stream ? words.text : "");
  });
  return Buffer.concat([
    ...outputs,
    ...end(errorStream, failureText(words, jsonStatus)),
    encoder.goAway(Math.max(...streams.values()), 0),
  ]);
}

/** A Status (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/); before v4 plain text. */
function failureText({ message, reason, code }: LastWords, jsonStatus: boolean): string {
  if (!jsonStatus) return message;
  return JSON.stringify({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message,
    reason,
    code,
  });
}
