import { expect, type Page } from "@playwright/test";
import { consoleUrl } from "./installation.ts";

/** Asks the API with the session of a page, as the page itself would; the answer must be a success. */
export async function callConsole<Answer = { id: string }>(
  page: Page,
  method: "GET" | "POST" | "PATCH" | "DELETE",
  path: string,
  data?: unknown,
): Promise<Answer> {
  const response = await page.request.fetch(path, { method, data, headers: { Origin: consoleUrl() } });
  const text = await response.text();
  expect(response.ok(), `${method} ${path}: ${response.status()} ${text}`).toBe(true);
  return JSON.parse(text === "" ? "null" : text);
}
