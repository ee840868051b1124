import { expect, test } from "vitest";
import { signInAt } from "./console-address.ts";

test.each([
  ["http://localhost:3000", "http://localhost:3000", "here"],
  ["http://127.0.0.1:3000", "http://localhost:3000", "move"],
  ["http://[::1]:3000", "http://localhost:3000", "move"],
  ["http://localhost:3000", "http://127.0.0.1:8080", "move"],
  ["http://10.0.0.7:3000", "http://localhost:3000", "elsewhere"],
  ["http://audit.example.com", "https://audit.example.com", "elsewhere"],
  ["http://localhost.evil.example", "http://localhost:3000", "elsewhere"],
])("at %s, the console being %s: %s", (origin, publicUrl, expected) => {
  expect(signInAt({ origin, publicUrl })).toBe(expected);
});
