/** What a line may depend on: the container's name and a source of chance. */
type LineInput = { now: Date; random(): number; pod: string };

type Writer = (input: LineInput) => string;

function pick<T>({ random }: LineInput, values: readonly [T, ...T[]]): T {
  return values[Math.floor(random() * values.length)] ?? values[0];
}

function number({ random }: LineInput, low: number, high: number): number {
  return low + Math.floor(random() * (high - low));
}

function hex({ random }: LineInput, length: number): string {
  return Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join("");
}

function json(input: LineInput, level: string, msg: string, more: Record<string, unknown>): string {
  return JSON.stringify({ time: input.now.toISOString(), level, msg, ...more });
}

function request(paths: readonly [string, ...string[]]): Writer {
  return (input) => {
    const slow = input.random() < 0.04;
    const status = input.random() < 0.02 ? 502 : input.random() < 0.05 ? 404 : 200;
    return json(input, status >= 500 ? "error" : "info", "request", {
      method: pick(input, ["GET", "GET", "GET", "POST"]),
      path: pick(input, paths),
      status,
      duration_ms: slow ? number(input, 800, 2400) : number(input, 3, 90),
      trace_id: hex(input, 16),
    });
  };
}

function nginx(input: LineInput): string {
  const time = input.now
    .toUTCString()
    .slice(5, 25)
    .replaceAll(" ", "/")
    .replace(/\/(\d\d:)/, ":$1");
  const path = pick(input, [
    "/",
    "/products/oak-table",
    "/cart",
    "/api/prices",
    "/assets/app.js",
    "/healthz",
  ]);
  const agent = pick(input, ["Mozilla/5.0 (X11; Linux x86_64)", "curl/8.11.1", "kube-probe/1.33"]);
  return `10.42.${number(input, 0, 13)}.${number(input, 2, 250)} - - [${time} +0000] "GET ${path} HTTP/1.1" 200 ${number(input, 180, 48_000)} "-" "${agent}"`;
}

function postgres(input: LineInput): string {
  const stamp = `${input.now.toISOString().slice(0, 23).replace("T", " ")} UTC [${number(input, 60, 900)}]`;
  const text = pick(input, [
    "LOG:  checkpoint starting: time",
    `LOG:  checkpoint complete: wrote ${number(input, 20, 900)} buffers (${number(input, 1, 5)}.${number(input, 0, 9)}%); 0 WAL file(s) added, 0 removed, 1 recycled`,
    `LOG:  duration: ${number(input, 120, 900)}.${number(input, 100, 999)} ms  statement: SELECT id, amount FROM ledger_entries WHERE account_id = $1`,
    `LOG:  automatic vacuum of table "payments.public.ledger_entries": index scans: 1`,
  ]);
  return `${stamp} ${text}`;
}

function klog(messages: readonly [string, ...string[]]): Writer {
  return (input) => {
    const { now } = input;
    const pad = (value: number, length = 2) => String(value).padStart(length, "0");
    const date = `${pad(now.getUTCMonth() + 1)}${pad(now.getUTCDate())}`;
    const time = `${now.toISOString().slice(11, 23)}${pad(number(input, 0, 999), 3)}`;
    return `I${date} ${time}       1 ${pick(input, messages)}`;
  };
}

const writers: [image: RegExp, writer: Writer][] = [
  [
    /payments-api/,
    request(["/v2/charges", "/v2/charges/ch_8817/capture", "/v2/refunds", "/v2/payment-methods"]),
  ],
  [/ledger/, request(["/entries", "/accounts/eur-settlement/balance", "/batches/current"])],
  [
    /fraud-scoring/,
    (input) =>
      json(input, "info", "scored", {
        charge: `ch_${hex(input, 6)}`,
        score: Number(input.random().toFixed(3)),
        model: "gbm-2026-10",
      }),
  ],
  [
    /webhook-dispatcher/,
    (input) =>
      json(
        input,
        input.random() < 0.1 ? "warn" : "info",
        pick(input, ["delivered", "delivered", "retrying"]),
        { endpoint: pick(input, ["stellar-pay", "northbank", "orders"]), attempt: number(input, 1, 4) },
      ),
  ],
  [
    /storefront/,
    (input) =>
      `${pick(input, ["GET", "GET", "POST"])} ${pick(input, ["/", "/products/oak-table", "/cart", "/checkout/address"])} 200 in ${number(input, 8, 240)}ms`,
  ],
  [/cart:|cart\b/, request(["/carts/current", "/carts/current/items", "/carts/merge"])],
  [/pricing/, request(["/prices", "/quotes", "/discounts/validate"])],
  [/search-api|suggest/, request(["/search?q=oak+table", "/search?q=lamp", "/suggest?q=so", "/facets"])],
  [
    /indexer/,
    (input) =>
      json(input, "info", "batch indexed", {
        documents: number(input, 20, 500),
        took_ms: number(input, 40, 900),
      }),
  ],
  [/ingress-nginx|nginx/, nginx],
  [/postgres/, postgres],
  [
    /redis/,
    (input) =>
      `1:M ${input.now.toUTCString().slice(5, 25)}.${number(input, 100, 999)} * ${number(input, 10, 900)} changes in 300 seconds. Saving...`,
  ],
  [
    /envoy/,
    (input) =>
      `[${input.now.toISOString()}] "POST /v2/charges HTTP/1.1" 200 - ${number(input, 200, 900)} ${number(input, 100, 900)} ${number(input, 4, 90)} - "10.42.11.${number(input, 2, 200)}" "${hex(input, 8)}" "payments-api:8080"`,
  ],
  [
    /prometheus:/,
    (input) =>
      `time=${input.now.toISOString()} level=INFO source=head.go:1387 msg="Head GC completed" component=tsdb duration=${number(input, 8, 90)}.${number(input, 10, 99)}ms`,
  ],
  [
    /grafana/,
    (input) =>
      `logger=context userId=1 orgId=1 uname=admin t=${input.now.toISOString()} level=info msg="Request Completed" method=GET path=/api/ds/query status=200 duration=${number(input, 4, 90)}ms`,
  ],
  [
    /coredns/,
    (input) =>
      `[INFO] 10.42.${number(input, 0, 13)}.${number(input, 2, 200)}:${number(input, 30_000, 60_000)} - ${number(input, 1, 60_000)} "A IN ${pick(input, ["postgres.payments.svc", "cart-redis.checkout.svc", "ledger.payments.svc"])}.cluster.local. udp 57 false 512" NOERROR qr,aa,rd 112 0.000${number(input, 100, 900)}s`,
  ],
  [/kube-proxy/, klog(['"Syncing iptables rules"', '"SyncProxyRules complete" elapsed="11.2ms"'])],
  [
    /cert-manager/,
    klog([
      '"Starting worker" logger="cert-manager" worker_count=5',
      '"certificate is up to date" logger="cert-manager.controller"',
    ]),
  ],
  [
    /metrics-server|kube-state-metrics|flannel|node-exporter|alertmanager/,
    klog([
      '"Scrape finished" node="acme-worker-1"',
      '"Scrape finished" node="acme-worker-2"',
      '"Watch closed, restarting" resource="pods"',
    ]),
  ],
];

function generic(input: LineInput): string {
  return json(input, "info", pick(input, ["tick", "heartbeat", "work finished"]), {
    pod: input.pod,
    took_ms: number(input, 1, 60),
  });
}

/** How the program in an image writes its log; undefined for images that say nothing by themselves. */
export function lineWriter(image: string): Writer | undefined {
  const found = writers.find(([pattern]) => pattern.test(image));
  if (found !== undefined) return found[1];
  return image.includes("acme.example") ? generic : undefined;
}
