import { expect, test } from "vitest";
import { endOldAttempts } from "./attempt-cookies.ts";

const attempt = (second: number) => `__Secure-kubewitness.sign-in.${second.toString(36)}-${"x".repeat(22)}`;
const namesOf = (...seconds: number[]) =>
  seconds.flatMap((second) => [`${attempt(second)}.pkce`, `${attempt(second)}.nonce`]);

test("ends the oldest attempts of a browser, and leaves room for one more", () => {
  const names = ["other", ...namesOf(300, 100, 500, 200, 400)];
  const flags = "Max-Age=0; Path=/api/auth; HttpOnly; Secure; SameSite=Lax";
  expect(endOldAttempts(names, { secure: true })).toEqual([
    `${attempt(100)}.pkce=; ${flags}`,
    `${attempt(100)}.nonce=; ${flags}`,
  ]);
});

test("lets names be that are none", () => {
  const names = namesOf(1, 2, 3, 4, 5).map((name) => `${name} \u00e9,`);
  expect(endOldAttempts(names, { secure: true })).toEqual([]);
});
