import { connect, isIP, type Socket } from "node:net";
import { createTransport } from "nodemailer";
import { guardedLookup, requirePermittedHost } from "../../clusters/addresses/address-policy.ts";
import { webhookAddresses } from "../../webhooks/delivery/address.ts";
import type { AlertMessage } from "../message.ts";
import { headlineOf, linesOf } from "./describe.ts";
import type { KeptEmail } from "./kept.ts";
import type { SendResult } from "./schema.ts";

const CONNECT_MS = 10_000;
const ANSWER_MS = 20_000;
/** For all of it, however a server spins it out: below the lease of a message, which another replica would send again. */
const LONGEST_MS = 60_000;
const MOST_ERROR = 500;

/**
 * By SMTP (RFC 5321), over TLS or STARTTLS with the server's certificate checked, from the address that was looked up and permitted. Never throws: why
 * it was not taken is the result's `error`.
 */
export async function sendEmail(
  { settings, password }: { settings: KeptEmail; password: string | null },
  { id, message }: { id: string; message: AlertMessage },
  signal?: AbortSignal,
): Promise<SendResult> {
  const limit = AbortSignal.timeout(LONGEST_MS);
  const ended = signal ? AbortSignal.any([limit, signal]) : limit;
  let socket: Socket | null = null;
  try {
    socket = await dial(settings, ended);
    const sending = transportOf({ settings, password, socket }).sendMail({
      from: settings.from,
      to: settings.to,
      messageId: `<${id}@kubewitness>`,
      subject: headlineOf(message),
      text: [...linesOf(message), ...(message.kind === "test" ? [] : ["", message.href])].join("\n"),
      headers: { "Auto-Submitted": "auto-generated" },
    });
    await unlessEnded(sending, ended);
    return { error: null };
  } catch (thrown) {
    const error = limit.aborted ? new Error(`it was not taken in ${LONGEST_MS / 1_000} s`) : thrown;
    const text = error instanceof Error ? error.message || error.name : String(error);
    return { error: withoutPassword(text, settings.user, password).slice(0, MOST_ERROR) };
  } finally {
    socket?.destroy();
  }
}

/** What is sent, or why it was not waited for any longer. */
function unlessEnded(sending: Promise<unknown>, ended: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const end = () => reject(ended.reason);
    if (ended.aborted) end();
    ended.addEventListener("abort", end, { once: true });
    sending.then(resolve, reject);
  });
}

/** A server may say again what it was sent: also as AUTH PLAIN (RFC 4616) and LOGIN write it. */
function withoutPassword(text: string, user: string | null, password: string | null): string {
  if (password === null || password === "") return text;
  const written = [`\0${user}\0${password}`, password].map((sent) => Buffer.from(sent).toString("base64"));
  return [...written, password].reduce((left, sent) => left.replaceAll(sent, "***"), text);
}

function transportOf({
  settings: { host, port, security, user },
  password,
  socket,
}: {
  settings: KeptEmail;
  password: string | null;
  socket: Socket;
}) {
  return createTransport({
    host,
    port,
    connection: socket,
    secure: security === "tls",
    requireTLS: security === "starttls",
    ignoreTLS: security === "none",
    ...(user !== null && { auth: { user, pass: password ?? "" } }),
    tls: { ...(isIP(host) === 0 && { servername: host }), minVersion: "TLSv1.2" },
    greetingTimeout: CONNECT_MS,
    socketTimeout: ANSWER_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

/** The rules of addresses hold where it is dialled. */
function dial({ host, port }: KeptEmail, signal: AbortSignal): Promise<Socket> {
  const policy = webhookAddresses();
  requirePermittedHost(host, policy);
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, lookup: guardedLookup(policy), timeout: CONNECT_MS, signal });
    // Where it is ended nobody else may listen any more.
    socket.on("error", () => {});
    socket.once("timeout", () => socket.destroy(new Error(`no connection in ${CONNECT_MS / 1_000} s`)));
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.off("error", reject);
      socket.removeAllListeners("timeout");
      socket.setTimeout(0);
      resolve(socket);
    });
  });
}
