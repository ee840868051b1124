import { parseSetCookie } from "cookie";

/** As much of a browser as a sign-in needs: cookies by host and path, redirects, forms. */
export class CookieBrowser {
  readonly #cookies = new Map<string, { name: string; value: string; path: string; host: string }>();
  readonly #headers: Record<string, string>;

  constructor(headers: Record<string, string> = {}) {
    this.#headers = headers;
  }

  /** One request; cookies are sent and kept, redirects are not followed. */
  async request(url: string, init: RequestInit = {}): Promise<Response> {
    const target = new URL(url);
    const headers = new Headers({
      ...this.#headers,
      ...(init.headers as Record<string, string> | undefined),
    });
    const cookies = this.cookiesFor(target);
    if (cookies) headers.set("cookie", cookies);
    const response = await fetch(target, { ...init, headers, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) this.#keep(target, line);
    return response;
  }

  /** Requests and follows redirects until a page. */
  async open(url: string, init: RequestInit = {}): Promise<{ url: string; response: Response }> {
    let at = url;
    let response = await this.request(at, init);
    for (let hops = 0; response.status >= 300 && response.status < 400; hops++) {
      if (hops > 20) throw new Error(`too many redirects, the last to ${at}`);
      at = new URL(response.headers.get("location") ?? "", at).href;
      response = await this.request(at);
    }
    return { url: at, response };
  }

  cookiesFor(target: URL): string {
    return [...this.#cookies.values()]
      .filter(({ host, path }) => host === target.host && target.pathname.startsWith(path))
      .map(({ name, value }) => `${name}=${value}`)
      .join("; ");
  }

  cookie(name: string): string | undefined {
    return [...this.#cookies.values()].find((each) => each.name === name)?.value;
  }

  #keep({ host }: URL, line: string): void {
    // As it came: a browser hands a value back as it got it.
    const {
      name,
      value = "",
      path = "/",
      maxAge,
      expires,
    } = parseSetCookie(line, { decode: (text) => text });
    const gone =
      (maxAge !== undefined && maxAge <= 0) || (expires !== undefined && expires.getTime() <= Date.now());
    const key = `${host} ${path} ${name}`;
    if (gone) this.#cookies.delete(key);
    else this.#cookies.set(key, { name, value, path, host });
  }
}
