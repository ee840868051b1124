import { createHash } from "node:crypto";
import type { Container } from "../container.ts";
import { APPLETS, STANDALONE_PROGRAMS } from "../programs/program-table.ts";
import { GeneratedContent } from "./file-content.ts";

const LARGE_FILE_BYTES = 1024 ** 3;
const BUSYBOX_BYTES = 833_384;

/** The files of a new container: programs, /etc, /proc, /app, the service account, and 1 GiB of generated data. */
export function seedFiles(container: Container): void {
  const { files } = container;
  for (const directory of [
    "/bin",
    "/dev",
    "/etc",
    "/home",
    "/mnt",
    "/opt",
    "/proc",
    "/root",
    "/sys",
    "/tmp",
    "/usr/bin",
    "/usr/local/bin",
    "/var/log",
    "/var/tmp",
    "/run",
  ]) {
    files.makeDirectories(directory);
  }
  files.find("/tmp").mode = 0o1777;
  seedPrograms(container);
  seedDevices(container);
  seedConfiguration(container);
  seedProc(container);
  seedServiceAccount(container);
  seedApplication(container);
}

function seedPrograms({ files }: Container): void {
  files.put("/bin/busybox", new GeneratedContent(BUSYBOX_BYTES, "busybox"), {
    mode: 0o755,
    program: "busybox",
  });
  for (const name of APPLETS.keys()) files.link(`/bin/${name}`, "/bin/busybox");
  for (const name of STANDALONE_PROGRAMS.keys()) {
    files.put(name === "bash" ? "/bin/bash" : `/usr/bin/${name}`, new GeneratedContent(250_000, name), {
      mode: 0o755,
      program: name,
    });
  }
}

function seedDevices({ files }: Container): void {
  files.putDevice("/dev/null", "null");
  files.putDevice("/dev/zero", "zero");
  files.putDevice("/dev/full", "full");
  files.putDevice("/dev/random", "random");
  files.putDevice("/dev/urandom", "random");
  files.putDevice("/dev/tty", "tty");
  files.putDevice("/dev/stdin", "stdin");
  files.putDevice("/dev/stdout", "stdout");
  files.putDevice("/dev/stderr", "stderr");
  files.makeDirectory("/dev/shm", 0o1777);
}

function seedConfiguration({ files, identity }: Container): void {
  const { pod, ip, namespace } = identity;
  files.put("/etc/hostname", `${pod}\n`);
  files.put(
    "/etc/hosts",
    `# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\n${ip}\t${pod}\n`,
  );
  files.put(
    "/etc/resolv.conf",
    `search ${namespace}.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n`,
  );
  files.put(
    "/etc/os-release",
    'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.21.3\nPRETTY_NAME="Alpine Linux v3.21"\nHOME_URL="https://alpinelinux.org/"\nBUG_REPORT_URL="https://gitlab.alpinelinux.org/alpine/aports/-/issues"\n',
  );
  files.put("/etc/alpine-release", "3.21.3\n");
  files.put(
    "/etc/passwd",
    "root:x:0:0:root:/root:/bin/sh\nbin:x:1:1:bin:/bin:/sbin/nologin\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n",
  );
  files.put("/etc/group", "root:x:0:root\nbin:x:1:root\nnobody:x:65534:\n");
  files.put("/etc/motd", "This container is simulated: its files and processes are in memory.\n");
  files.put("/etc/shells", "/bin/sh\n/bin/ash\n/bin/bash\n");
}

function seedProc(container: Container): void {
  const { files, processes, startedAt } = container;
  files.put(
    "/proc/version",
    () => "Linux version 6.6.87-sandbox (builder@sandbox) (gcc 14.2.0) #1 SMP PREEMPT_DYNAMIC\n",
  );
  files.put("/proc/uptime", () => `${((Date.now() - startedAt.getTime()) / 1000).toFixed(2)} 0.00\n`);
  files.put("/proc/loadavg", () => `0.08 0.03 0.01 1/${processes.list().length} 42\n`);
  files.put(
    "/proc/meminfo",
    () =>
      "MemTotal:        2097152 kB\nMemFree:         1482752 kB\nMemAvailable:    1912832 kB\nBuffers:           40960 kB\nCached:           389120 kB\n",
  );
  files.put("/proc/cpuinfo", () =>
    [0, 1]
      .map((cpu) => `processor\t: ${cpu}\nmodel name\t: Simulated CPU\ncpu MHz\t\t: 2400.000\n\n`)
      .join(""),
  );
  files.put(
    "/proc/mounts",
    () =>
      "overlay / overlay rw,relatime 0 0\nproc /proc proc rw,nosuid,nodev,noexec 0 0\ntmpfs /dev tmpfs rw,nosuid 0 0\n",
  );
  files.put("/proc/1/cmdline", () => `${(processes.find(1)?.command ?? "").replaceAll(" ", "\0")}\0`);
  files.put("/proc/1/environ", () =>
    [...container.environment].map(([name, value]) => `${name}=${value}\0`).join(""),
  );
  files.put(
    "/proc/1/status",
    () => "Name:\tmain\nState:\tS (sleeping)\nPid:\t1\nPPid:\t0\nUid:\t0\t0\t0\t0\n",
  );
}

/** A token in the shape of a real one that no server accepts. */
function seedServiceAccount({ files, identity }: Container): void {
  const directory = "/run/secrets/kubernetes.io/serviceaccount";
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = {
    iss: "https://kubernetes.default.svc",
    sub: `system:serviceaccount:${identity.namespace}:default`,
    simulated: true,
  };
  const signature = createHash("sha256").update(identity.pod).digest("base64url");
  files.put(
    `${directory}/token`,
    `${encode({ alg: "none", kid: "sandbox" })}.${encode(claims)}.${signature}`,
  );
  files.put(`${directory}/namespace`, identity.namespace);
  files.put(
    `${directory}/ca.crt`,
    "-----BEGIN CERTIFICATE-----\n(the sandbox cluster gives its containers no certificate)\n-----END CERTIFICATE-----\n",
  );
  files.link("/var/run", "/run");
}

function seedApplication({ files, identity }: Container): void {
  const name = identity.container;
  files.put("/app/README", `${name}, built from ${identity.image}\n`);
  files.put(
    "/app/config.yaml",
    `server:\n  port: 8080\n  shutdownGracePeriod: 20s\nlog:\n  level: info\n  format: json\nservice: ${name}\n`,
  );
  files.put("/app/bin/start.sh", `#!/bin/sh\necho "starting ${name}"\nexec sleep infinity\n`, {
    mode: 0o755,
  });
  files.put(
    "/data/README",
    "large.bin: 1 GiB of generated bytes, the same at every read; it takes no memory.\n",
  );
  files.put("/data/large.bin", new GeneratedContent(LARGE_FILE_BYTES, "large.bin"));
  files.put(
    "/data/sample.csv",
    `id,name,amount\n${Array.from({ length: 20 }, (_, index) => `${index + 1},item-${index + 1},${(index * 37) % 101}\n`).join("")}`,
  );
}
