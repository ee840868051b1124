import type { AlertMessage } from "../message.ts";
import { SURFACES } from "../surfaces.ts";

/** The first line of a message, for a subject and a chat. */
export function headlineOf(message: AlertMessage): string {
  const { kind, alert } = message;
  if (kind === "test") return `Kubewitness: a test of ${alert.name}`;
  if (kind === "fired") return `Kubewitness alert: ${alert.name}`;
  return `Kubewitness alert, in quiet hours: ${alert.name}`;
}

/** What it says, a line each, without the link. */
export function linesOf(message: AlertMessage): string[] {
  const { kind, surface, filter, from, to } = message;
  if (kind === "test") return ["This is a test. Nothing happened."];
  const where = `${SURFACES[surface].title}, ${from} to ${to}`;
  const times = message.firings === 1 ? "" : ` It fired ${message.firings} times.`;
  return [
    `${message.matches === 1 ? "1 record matches" : `${message.matches} records match`}: ${where}.${times}`,
    `Filter: ${filter === "" ? "none, every record" : filter}`,
  ];
}
