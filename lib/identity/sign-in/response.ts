/** The part of Next's response object that next-auth writes to, and the web Response that comes of it. */
export class AuthResponse {
  readonly #headers = new Headers();
  #status = 200;
  #body: string | null = null;

  status(code: number): this {
    this.#status = code;
    return this;
  }

  getHeader(name: string): string[] | string | undefined {
    if (name.toLowerCase() === "set-cookie") return this.#headers.getSetCookie();
    return this.#headers.get(name) ?? undefined;
  }

  setHeader(name: string, value: string | string[]): this {
    if (typeof value === "string") this.#headers.set(name, value);
    else {
      this.#headers.delete(name);
      for (const each of value) this.#headers.append(name, each);
    }
    return this;
  }

  addCookies(lines: readonly string[]): void {
    for (const line of lines) this.#headers.append("Set-Cookie", line);
  }

  /** Leaves out cookies whose name ends like that. */
  dropCookies(name: string): void {
    const kept = this.#headers.getSetCookie().filter((line) => !line.split("=")[0]?.endsWith(name));
    this.setHeader("Set-Cookie", kept);
  }

  json(body: unknown): void {
    this.#headers.set("Content-Type", "application/json");
    this.#body = JSON.stringify(body);
  }

  send(body: unknown): void {
    if (typeof body === "string") this.#body = body;
    else this.json(body);
  }

  end(): void {}

  toResponse(): Response {
    if (!this.#headers.has("Cache-Control")) this.#headers.set("Cache-Control", "no-store");
    return new Response(this.#body, { status: this.#status, headers: this.#headers });
  }
}
