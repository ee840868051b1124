import type { SandboxAccount } from "./account.ts";

const STYLE = `
:root { color-scheme: light dark; --bg: light-dark(#fff, #0f1114); --raised: light-dark(#fff, #191d22);
  --hover: light-dark(#f3f5f7, #1d2228); --line: light-dark(#cdd3da, #363d46); --fg: light-dark(#12161c, #eceef1);
  --fg-2: light-dark(#3d4653, #bac1cb); --fg-3: light-dark(#5c6675, #8e98a6); --accent: light-dark(#2f57d0, #86a4ff);
  --tint: light-dark(#edf2fd, #17203a); }
* { box-sizing: border-box; margin: 0; }
body { min-height: 100vh; display: grid; grid-template-rows: 56px 1fr 48px; background: var(--bg); color: var(--fg);
  font: 13px/20px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
header, footer { display: flex; align-items: center; padding: 0 24px; }
header { font-weight: 600; }
footer { color: var(--fg-3); font-size: 11px; }
main { width: 344px; max-width: calc(100vw - 32px); margin: auto; padding-bottom: 7vh; }
h1 { font-size: 20px; line-height: 28px; font-weight: 600; letter-spacing: -.015em; }
p { margin: 6px 0 20px; color: var(--fg-2); }
form { display: grid; gap: 8px; }
button { display: grid; grid-template-columns: 36px 1fr; gap: 12px; align-items: center; width: 100%; padding: 10px 12px;
  text-align: left; font: inherit; color: inherit; background: var(--raised); border: 1px solid var(--line); border-radius: 8px;
  cursor: pointer; }
button:hover:enabled { background: var(--hover); }
button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
button:disabled { opacity: .5; cursor: not-allowed; }
.initials { display: grid; place-items: center; width: 36px; height: 36px; border-radius: 50%; background: var(--tint);
  color: var(--accent); font-weight: 600; font-size: 12px; }
b { display: block; font-weight: 500; }
small { display: block; font-size: 12px; line-height: 17px; color: var(--fg-3); overflow-wrap: anywhere; }`;

/** The only page of the identity provider: who do you want to be? No script, nothing from elsewhere. */
export function renderLoginPage(input: { action: string; accounts: readonly SandboxAccount[] }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Choose a person · Acme sandbox sign-in</title>
<style>${STYLE}</style>
</head>
<body>
<header>Acme sandbox sign-in</header>
<main>
<h1>Choose a person</h1>
<p>This is a sandbox: nobody needs a password. In a real installation your own identity provider answers here.</p>
<form method="post" action="${escapeHtml(input.action)}">
${input.accounts.map(renderAccount).join("\n")}
</form>
</main>
<footer>An OpenID Connect provider to try Kubewitness with, never for production</footer>
</body>
</html>
`;
}

function renderAccount({ id, name, email, title, enabled }: SandboxAccount): string {
  const initials = name
    .split(/\s+/)
    .map((part) => part[0] ?? "")
    .slice(0, 2)
    .join("");
  const off = enabled === false;
  return `<button name="account" value="${escapeHtml(id)}"${off ? " disabled" : ""}>
<span class="initials" aria-hidden="true">${escapeHtml(initials)}</span>
<span><b>${escapeHtml(name)}</b><small>${escapeHtml(off ? "disabled" : title)}</small><small>${escapeHtml(email)}</small></span>
</button>`;
}

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
