import { describeRequest } from "../http-echo.ts";
import type { ProcessContext, Program } from "../process-context.ts";
import { openOutput } from "./input-files.ts";
import { parseOptions } from "./options.ts";

interface Answer {
  status: number;
  text: string;
  ip: string;
  port: number;
}

type Failure = "no-url" | "unresolved";

/**
 * An HTTP request inside the sandbox: any name that a cluster's DNS could hold (`web`, `web.shop`,
 * `web.shop.svc.cluster.local`), an address of the cluster, or localhost is answered by a built-in echo. Nothing leaves
 * the process.
 */
function request(
  process: ProcessContext,
  address: string,
  method: string,
  userAgent: string,
): (Answer & { host: string }) | Failure {
  let url: URL;
  try {
    url = new URL(/^[a-z]+:\/\//i.test(address) ? address : `http://${address}`);
  } catch {
    return "no-url";
  }
  const host = url.hostname;
  if (!/^https?:$/.test(url.protocol) || !isInCluster(host)) return "unresolved";
  const { identity } = process.container;
  const isOwn = host === "localhost" || host === "127.0.0.1" || host === identity.ip;
  const [name = "", namespace = identity.namespace] = host.split(".");
  const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  const pod = isOwn || /^\d/.test(host) ? identity.pod : name;
  const ip = isOwn ? identity.ip : "10.96.0.10";
  const answer = describeRequest({
    namespace: isOwn ? identity.namespace : namespace,
    pod,
    ip,
    image: isOwn ? identity.image : "",
    port,
    method,
    path: url.pathname + url.search,
    host: url.host,
    userAgent,
  });
  return { ...answer, ip, port, host };
}

function isInCluster(host: string): boolean {
  if (/^(127|10|172\.(1[6-9]|2\d|3[01])|192\.168)\./.test(host)) return true;
  return (
    /^[a-z0-9-]+(\.[a-z0-9-]+(\.svc(\.cluster\.local)?)?)?$/.test(host) &&
    !/\.(com|org|net|io|dev|de|co|app)$/.test(host)
  );
}

export const curl: Program = async (process) => {
  const options = parseOptions(process.args, {
    flags: "sSfLkiIvgN46",
    values: "omwXHdAuTx",
    long: {
      silent: "s",
      fail: "f",
      include: "i",
      head: "I",
      insecure: "k",
      location: "L",
      output: "o",
      request: "X",
      header: "H",
      data: "d",
      "max-time": "m",
      "connect-timeout": "m",
      "write-out": "w",
      verbose: "v",
      "show-error": "S",
    },
  });
  if (options.error !== null) return process.fail(`option ${options.error}`, 2);
  const { flags, values } = options;
  const [url] = options.operands;
  if (url === undefined) return process.fail("(2) no URL specified", 2);
  const method = values.get("X") ?? (flags.has("I") ? "HEAD" : values.has("d") ? "POST" : "GET");
  const answer = request(process, url, method, "curl/8.11.1");
  if (answer === "no-url") return process.fail("(3) URL rejected: Malformed input to a URL function", 3);
  if (answer === "unresolved") return process.fail(`(6) Could not resolve host: ${hostOf(url)}`, 6);
  if (flags.has("f") && answer.status >= 400)
    return process.fail(`(22) The requested URL returned error: ${answer.status}`, 22);
  const head = `HTTP/1.1 ${answer.status} ${answer.status === 200 ? "OK" : "Not Found"}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${answer.text.length}\r\n\r\n`;
  const body = (flags.has("i") || flags.has("I") ? head : "") + (flags.has("I") ? "" : answer.text);
  const output = values.get("o");
  if (output === undefined) await process.print(body);
  else await openOutput(process, output).write(Buffer.from(body), process.signal);
  const format = values.get("w");
  if (format !== undefined)
    await process.print(format.replaceAll("%{http_code}", String(answer.status)).replaceAll("\\n", "\n"));
  return 0;
};

function hostOf(url: string): string {
  return url.replace(/^[a-z]+:\/\//i, "").replace(/[/:?].*$/s, "");
}

export const wget: Program = async (process) => {
  const options = parseOptions(process.args, {
    flags: "qScS",
    values: "OTtUP",
    long: {
      quiet: "q",
      timeout: "T",
      spider: "S",
      "output-document": "O",
      "no-check-certificate": "c",
      tries: "t",
    },
  });
  if (options.error !== null) return process.fail(options.error);
  const [url] = options.operands;
  if (url === undefined) return process.fail("missing URL");
  const answer = request(process, url, "GET", "Wget");
  if (typeof answer === "string") return process.fail(`bad address '${hostOf(url)}'`);
  const quiet = options.flags.has("q");
  if (!quiet) await process.printError(`Connecting to ${hostOf(url)} (${answer.ip}:${answer.port})\n`);
  if (answer.status >= 400) return process.fail(`server returned error: HTTP/1.1 ${answer.status} Not Found`);
  if (options.flags.has("S")) return 0;
  const name = options.values.get("O") ?? (url.split("/").slice(3).at(-1) || "index.html");
  if (name === "-") await process.print(answer.text);
  else await openOutput(process, name).write(Buffer.from(answer.text), process.signal);
  if (!quiet && name !== "-") await process.printError(`saving to '${name}'\n'${name}' saved\n`);
  return 0;
};

export const nslookup: Program = async (process) => {
  const name = process.args.find((arg) => !arg.startsWith("-"));
  if (name === undefined) return process.fail("usage: nslookup HOST");
  const { identity } = process.container;
  await process.print("Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n");
  if (!isInCluster(name)) {
    await process.print(`** server can't find ${name}: NXDOMAIN\n\n`);
    return 1;
  }
  const [service, namespace = identity.namespace] = name.split(".");
  await process.print(`Name:\t${service}.${namespace}.svc.cluster.local\nAddress: 10.96.0.10\n\n`);
  return 0;
};
