import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { packTar } from "modern-tar";
import { afterAll, describe, expect, it } from "vitest";
import { runInContainer, startContainer } from "./run-in-container.ts";

const container = startContainer();
afterAll(() => container.stop());

const sh = (script: string, stdin?: string | Buffer) =>
  runInContainer(container, ["sh", "-c", script], stdin);

describe("programs", () => {
  it.each([
    ["echo -e", "echo -e 'a\\tb\\x41'; echo -n x", "a\tbA\nx"],
    ["printf", "printf '%s|%5d|%-4s|%x|%05.1f\\n' a 42 b 255 3.14159", "a|   42|b   |ff|003.1\n"],
    [
      "head and tail",
      "seq 10 | head -n 2; seq 10 | tail -n 2; seq 10 | tail -n +9; seq 5 | head -c 3",
      "1\n2\n9\n10\n9\n10\n1\n2",
    ],
    ["wc", "printf 'a b\\nc\\n' | wc -l; printf 'a b\\nc\\n' | wc -w; printf abc | wc -c", "2\n3\n3\n"],
    [
      "grep",
      "printf 'Foo 1\\nbar 22\\nfoo 3\\n' > /tmp/t; grep -n foo /tmp/t; grep -ic foo /tmp/t; grep -v o /tmp/t; grep -oE '[0-9]+' /tmp/t; grep -q zzz /tmp/t || echo none",
      "3:foo 3\n2\nbar 22\n1\n22\n3\nnone\n",
    ],
    [
      "sort, uniq, cut, tr",
      "printf '10 b\\n9 a\\n10 b\\n' | sort -n -u; printf 'a:b:c\\n' | cut -d: -f2-; echo hello | tr 'a-y' 'b-z'; echo aabb | tr -s a; echo a1b2 | tr -d '0-9'",
      "9 a\n10 b\nb:c\nifmmp\nabb\nab\n",
    ],
    [
      "find",
      "mkdir -p /tmp/f/g; echo x > /tmp/f/g/a.log; touch /tmp/f/b.txt; find /tmp/f -name '*.log'; find /tmp/f -type d; find /tmp/f -name b.txt -exec echo found {} ';'",
      "/tmp/f/g/a.log\n/tmp/f\n/tmp/f/g\nfound /tmp/f/b.txt\n",
    ],
    [
      "cp, mv, rm, ln",
      "cd /tmp; echo 1 > c1; cp c1 c2; mv c2 c3; cat c3; ln -s c3 c4; cat c4; readlink c4; rm c3; cat c4 2>&1; rm -rf /tmp/f; ls /tmp/f 2>&1",
      "1\n1\nc3\ncat: can't open 'c4': No such file or directory\nls: /tmp/f: No such file or directory\n",
    ],
    [
      "tests",
      '[ -d /tmp -a ! -f /tmp ] && [ -x /bin/sh ] && [ "$(id -u)" -eq 0 ] && [ a != b ] && test -n x && echo ok',
      "ok\n",
    ],
    [
      "base64 and digests",
      "printf hello | base64; echo aGVsbG8= | base64 -d; echo; printf hello | sha256sum; printf hello | md5sum",
      "aGVsbG8=\nhello\n2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824  -\n5d41402abc4b2a76b9719d911017c592  -\n",
    ],
    [
      "names",
      "hostname; whoami; id -un; basename /a/b.c .c; dirname /a/b; uname -s; which ls; realpath /var/run",
      "web-1\nroot\nroot\nb\n/a\nLinux\n/bin/ls\n/run\n",
    ],
    [
      "the service account",
      "cd /var/run/secrets/kubernetes.io/serviceaccount; ls; cat namespace; cut -d. -f1 token | base64 -d 2>/dev/null | cut -c1-7",
      'ca.crt\nnamespace\ntoken\nshop{"alg":\n',
    ],
    [
      "requests inside the cluster",
      "curl -s http://api.shop.svc:8080/x | head -1; wget -qO- localhost/healthz; echo; curl -sf localhost/nope; echo $?; curl -s https://example.com; echo $?",
      "hello from api\nok\n22\n6\n",
    ],
    ["vi, which there is not", "vi file 2>&1; echo $?", "vi: not available in this sandbox container\n1\n"],
  ])("run: %s", async (_name, script, stdout) => {
    expect((await sh(script)).stdout).toBe(stdout);
  });

  it("start with the words of runc where they cannot", () => {
    expect(() => container.exec({ command: ["nosuchcmd"], tty: false, stdin: false })).toThrow(
      /^error executing command in container: failed to exec in container: failed to start exec "[0-9a-f]{64}": OCI runtime exec failed: exec failed: unable to start container process: exec: "nosuchcmd": executable file not found in \$PATH: unknown$/,
    );
    expect(() => container.exec({ command: ["/no/such"], tty: false, stdin: false })).toThrow(
      "stat /no/such: no such file or directory",
    );
    expect(() => container.exec({ command: ["/etc"], tty: false, stdin: false })).toThrow(
      "permission denied",
    );
  });

  it("kill by pid, and spare the first process", async () => {
    const sleeper = container.exec({ command: ["sleep", "100"], tty: false, stdin: false });
    const { stdout } = await sh(
      "kill -9 1; ps | grep 'sleep 100$' | while read pid rest; do kill $pid; done; ps | grep -c 'local/bin/web$'",
    );
    expect(stdout).toBe("1\n");
    expect(await sleeper.exit).toBe(143);
  });

  it("end the container where its server is told to stop", async () => {
    const exited = Promise.withResolvers<number>();
    const own = startContainer({ onExit: exited.resolve });
    await runInContainer(own, ["kill", "1"]);
    expect(await exited.promise).toBe(0);
  });

  it("keep what tar brought, byte for byte, with modes, links and long names", async () => {
    const name = `long-${"n".repeat(120)}`;
    const script = `mkdir -p /tmp/src/d && cd /tmp/src && head -c 100000 /dev/urandom > data && echo x > d/${name} && chmod 755 d/${name} && ln -s data link && tar cf - . | tar xf - -C /tmp/dst`;
    await sh("mkdir -p /tmp/dst");
    expect((await sh(script)).stderr).toBe("");
    const { stdout } = await sh(
      `cd /tmp; sha256sum src/data dst/data | cut -c1-64 | uniq | wc -l; readlink dst/link; ls -l dst/d/${name} | cut -c1-10`,
    );
    expect(stdout).toBe("1\ndata\n-rwxr-xr-x\n");
  });

  it("take what the machine's own tar packs, and pack what it takes", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "kubewitness-tar-"));
    const [name, content] = [`deep/${"n".repeat(120)}`, randomBytes(100_000)];
    mkdirSync(path.join(folder, "deep"));
    writeFileSync(path.join(folder, name), content);
    const theirs = execFileSync("tar", ["-C", folder, "-cf", "-", "deep"]);
    expect((await sh("mkdir -p /tmp/theirs; tar xf - -C /tmp/theirs", theirs)).stderr).toBe("");
    await sh("cd /tmp/theirs; tar cf /tmp/ours.tar deep");
    const ours = Buffer.from((await sh("base64 -w 0 /tmp/ours.tar")).stdout, "base64");
    rmSync(path.join(folder, "deep"), { recursive: true });
    execFileSync("tar", ["-C", folder, "-xf", "-"], { input: ours });
    expect(readFileSync(path.join(folder, name)).equals(content)).toBe(true);
    rmSync(folder, { recursive: true });
  });

  it("refuse archives that climb out, end early or are none", async () => {
    expect((await sh("tar xf -", Buffer.alloc(700, 65))).stderr).toBe("tar: invalid tar magic\n");
    expect((await sh("tar xf -", Buffer.alloc(100))).stderr).toBe("tar: short read\n");
    const climbing = await packTar([{ header: { name: "a/../../b", size: 1 }, body: "x" }]);
    const { code, stderr } = await sh("tar xf - -C /tmp; ls /b", Buffer.from(climbing));
    expect(stderr).toContain("tar: can't create 'a/../../b': Invalid argument\n");
    expect(stderr).toContain("ls: /b: No such file or directory");
    expect(code).toBe(1);
  });

  it("stream what no memory could hold", async () => {
    const { stdout } = await sh("head -c 300000000 /dev/zero | wc -c; wc -c < /data/large.bin");
    expect(stdout).toBe("300000000\n1073741824\n");
    const part = await sh(
      "head -c 16777216 /data/large.bin | tail -c 65536 | sha256sum; tail -c +16711681 /data/large.bin | head -c 65536 | sha256sum",
    );
    const [fromStart, fromOffset] = part.stdout.trim().split("\n");
    expect(fromStart).toBe(fromOffset);
  });

  it("keep only size and digests of a file over 16 MiB, and say so when it is read", async () => {
    const bytes = Buffer.alloc(20 * 1024 * 1024, "sandbox");
    const digest = createHash("sha256").update(bytes).digest("hex");
    const { stdout } = await sh(
      "cat > /tmp/big; wc -c < /tmp/big; sha256sum /tmp/big; cat /tmp/big 2>&1; rm /tmp/big",
      bytes,
    );
    expect(stdout).toContain(digest);
    expect(stdout).toContain("cat: /tmp/big: Input/output error");
  });

  it("fill the disk, and get the space back", async () => {
    const own = startContainer();
    const fill =
      "for i in 1 2 3 4 5 6; do head -c 15000000 /dev/urandom > /tmp/f$i || break; done; rm /tmp/f*; head -c 15000000 /dev/urandom > /tmp/again && echo fits";
    const { stdout, stderr } = await runInContainer(own, ["sh", "-c", fill]);
    expect(stderr).toContain("No space left on device");
    expect(stdout).toBe("fits\n");
    own.stop();
  });
});
