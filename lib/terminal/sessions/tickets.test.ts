import { expect, test } from "vitest";
import { Tickets } from "./tickets.ts";

const OF = { terminalId: "t1", sessionId: "s1" };
let now = 1_000_000;
const tickets = () => new Tickets(() => now);

test("a ticket counts once, for its terminal and session", () => {
  const issued = tickets();
  const { ticket } = issued.issue(OF);
  expect(issued.redeem(ticket, OF)).toBe(true);
  expect(issued.redeem(ticket, OF)).toBe(false);
});

test.each([
  ["another terminal", { ...OF, terminalId: "t2" }],
  ["another session", { ...OF, sessionId: "s2" }],
])("a ticket for %s does not count, and is used up", (_what, asked) => {
  const issued = tickets();
  const { ticket } = issued.issue(OF);
  expect(issued.redeem(ticket, asked)).toBe(false);
  expect(issued.redeem(ticket, OF)).toBe(false);
});

test("a ticket that has expired does not count", () => {
  const issued = tickets();
  const { ticket, expiresAt } = issued.issue(OF);
  now = expiresAt.getTime();
  expect(issued.redeem(ticket, OF)).toBe(false);
});

test("of many tickets of a terminal the last few count, so that asking holds no memory", () => {
  const issued = tickets();
  const made = Array.from({ length: 1_000 }, () => issued.issue(OF).ticket);
  const counting = made.filter((ticket) => issued.redeem(ticket, OF));
  expect(counting).toEqual(made.slice(-4));
});

test("tickets of a terminal that has ended do not count", () => {
  const issued = tickets();
  const { ticket } = issued.issue(OF);
  issued.forget("t1");
  expect(issued.redeem(ticket, OF)).toBe(false);
});
