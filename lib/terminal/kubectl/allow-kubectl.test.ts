import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { kubectlBinaries, minorOf } from "../../../scripts/kubectl-binaries.ts";
import fc from "../../../test/properties.ts";
import { LineRefusal } from "../line/line-refusal.ts";
import { parseLine } from "../line/parse-line.ts";
import { allowKubectl } from "./allow-kubectl.ts";
import { REFUSED_FLAGS } from "./verb-table.ts";
import { verbs } from "./verbs.ts";

const argsOf = (line: string) => allowKubectl(parseLine(line)[0]!.words).args.join(" ");

test.each([
  ["get pods", "get pods"],
  ["get po -nshop -owide", "get --namespace=shop --output=wide po"],
  ["-n shop get po", "get --namespace=shop po"],
  ["get po -n=shop -Al a=b", "get --namespace=shop --all-namespaces=true --selector=a=b po"],
  [
    "get pods -o jsonpath='{.items[*].metadata.name}'",
    "get --output=jsonpath={.items[*].metadata.name} pods",
  ],
  ["logs web-0 -c app --tail=5 -f", "logs --container=app --tail=5 --follow=true web-0"],
  [
    "exec -it web-0 -- sh -c 'ls /; echo $HOME'",
    "exec --stdin=true --tty=true web-0 -- sh -c ls /; echo $HOME",
  ],
  [
    "exec -itc app web-0 -- ls --kubeconfig=/x",
    "exec --stdin=true --tty=true --container=app web-0 -- ls --kubeconfig=/x",
  ],
  ["rollout -n shop status deploy/web", "rollout status --namespace=shop deploy/web"],
  ["top po", "top pod"],
  ["create deploy web --image=x", "create deployment --image=x web"],
  ["create job x --image=y -- --kubeconfig=z", "create job --image=y x -- --kubeconfig=z"],
  ["apply -f -", "apply --filename=-"],
  ["apply -f ./pod.yaml", "apply --filename=-"],
  ["create cm x --from-file=key=./a.txt", "create configmap --from-file=key=a.txt x"],
  ["get --raw=/version", "get --raw=/version"],
  ["cp web-0:/etc/hosts ./hosts", "cp web-0:/etc/hosts hosts"],
  ["cp -c app hosts shop/web-0:/tmp/hosts", "cp --container=app hosts shop/web-0:/tmp/hosts"],
  ["get pods --as=admin", "get --as=admin pods"],
  [
    "debug -it web-0 --image=busybox --profile=general",
    "debug --stdin=true --tty=true --image=busybox --profile=general web-0",
  ],
  ["help rollout", "help rollout"],
  ["--help", "help"],
])("kubectl %s", (line, args) => {
  expect(argsOf(line)).toBe(args);
});

test("says which files of the private directory a command has to do with", () => {
  const of = (line: string) => allowKubectl(parseLine(line)[0]!.words);
  expect(of("apply -f pod.yaml")).toMatchObject({ standardInput: "pod.yaml", takesInput: true, reads: [] });
  expect(of("create secret tls x --cert=a.crt --key=a.key")).toMatchObject({ reads: ["a.crt", "a.key"] });
  expect(of("cp web-0:/x y")).toMatchObject({ writes: "y", reads: [] });
  expect(of("create --edit -f a")).toMatchObject({ edits: true, standardInput: "a" });
  expect(of("set env deploy/x --list --keys=a").reads).toEqual([]);
});

const REFUSED: [string, string][] = [
  ["get pods --kubeconfig=/x", "--kubeconfig is refused: this shell is for one cluster, as you"],
  ["--kubeconfig /x get pods", "--kubeconfig is refused"],
  ["get pods '--kubeconfig' x", "--kubeconfig is refused"],
  ["get pods -s http://x", "-s is refused"],
  ["get pods -As=http://x", "-s is refused"],
  ["get pods --server http://x", "--server is refused"],
  ["get pods --token=x", "--token is refused"],
  ["get pods --user=x", "--user is refused"],
  ["get pods --context x", "--context is refused"],
  ["get pods --cluster x", "--cluster is refused"],
  ["get pods --insecure-skip-tls-verify", "--insecure-skip-tls-verify is refused"],
  ["get pods --certificate-authority=/etc/passwd", "--certificate-authority is refused"],
  ["get pods --client-key=/etc/passwd", "--client-key is refused"],
  ["get pods --cache-dir=/tmp", "--cache-dir is refused"],
  ["get pods --profile cpu", "--profile is refused"],
  ["debug x --profile=cpu", "--profile got"],
  ["get pods --profile-output=/tmp/x", "--profile-output is refused"],
  ["get pods --kuberc=/x", "--kuberc is refused"],
  ["get pods --log-file=/x", "--log-file is refused"],
  ["get pods -v=9", "-v got"],
  ["get pods -v 10", "-v got"],
  ["get pods -ojsonpath-file=/etc/passwd", "-o got"],
  ["get pods -o go-template-file --template=/etc/passwd", "-o got"],
  ["get pods -o custom-columns-file=/etc/passwd", "-o got"],
  ["get pods -o templatefile=/etc/passwd", "-o got"],
  ["get -f/etc/passwd", "is no file of your directory"],
  ["get -f ../x", "is no file of your directory"],
  ["get -f a/../../x", "is no file of your directory"],
  ["get -Rf /etc", "-R is refused"],
  ["apply -f https://x/y", "addresses are not read"],
  ["apply -fhttp://x", "addresses are not read"],
  ["apply -f a -f b", "-f stands twice"],
  ["apply -k .", "-k is refused"],
  ["apply --kustomize=https://github.com/x/y", "--kustomize is refused"],
  ["kustomize https://github.com/x/y", "kustomize reads folders"],
  ["create cm x --from-file=/etc/passwd", "is no file of your directory"],
  ["create cm x --from-file=a=/etc/passwd", "is no file of your directory"],
  ["create cm x --from-file=/etc/passwd=a", "--from-file got the key"],
  ["create cm x '--from-file=a,/etc/passwd=b'", "--from-file got the key"],
  ["create cm x '--from-file=\"/etc/passwd\"'", "is no file of your directory"],
  ["exec web-0 --filename=/etc/passwd", "--filename is refused"],
  ["create cm x --from-file=a=b=/etc/passwd", "is no file of your directory"],
  ["create cm x --from-file=a,/etc/passwd", "is no file of your directory"],
  ["create cm x --from-env-file=/proc/self/environ", "is no file of your directory"],
  ["create secret tls x --cert=/etc/ssl/x --key=k", "is no file of your directory"],
  ["patch pod x --patch-file=/etc/passwd", "is no file of your directory"],
  ["cp /etc/passwd web-0:/tmp/x", "is no file of your directory"],
  ["cp web-0:/x /tmp/x", "is no file of your directory"],
  ["cp web-0:/x ../x", "is no file of your directory"],
  ["cp a b", "name one of each"],
  ["cp a:/x b:/y", "name one of each"],
  ["cp a", "cp needs two places"],
  ["cp -- -a web-0:/x", "cp needs two places"],
  ["config view --raw", "is not offered here"],
  ["config set-credentials x", "is not offered here"],
  ["cluster-info dump --output-directory=/tmp", "--output-directory is refused"],
  ["debug x --custom=/etc/passwd", "--custom is refused"],
  ["plugin list", "there are no plugins here"],
  ["foo", 'kubectl "foo" is not offered here'],
  ["kubectl-foo", "is not offered here"],
  ["create foo", "create has no foo"],
  ["apply -f x edit-last-applied", "apply has no edit-last-applied"],
  ["apply --wait edit-last-applied cm/x", "apply has no edit-last-applied"],
  ["proxy", "proxy opens a port"],
  ["port-forward web-0 80", "port-forward opens a port"],
  ["kuberc set", "there are no preferences"],
  ["alpha x", "alpha is not offered"],
  ["rollout", "rollout needs one of its commands"],
  ["get --raw=http://x", "--raw got"],
  ["get --raw=//x/y", "--raw got"],
  ["get pods --dry-run", "--dry-run is not offered here"],
  ["delete pod x --dry-run", "--dry-run needs a value after ="],
  ["delete pod x --cascade orphan", "--cascade needs a value after ="],
  ["get pods -A=maybe", "takes true or false"],
  ["get pods -n", "-n needs a value"],
  ["get pods --bogus", "--bogus is not offered here with get"],
  ["delete --raw=/api/v1/x", "--raw is refused"],
  ["", "kubectl needs a verb"],
];

test.each(REFUSED)("refuses kubectl %s", (line, words) => {
  expect(wordsOf(line)).toContain(words);
});

function wordsOf(line: string): string | null {
  try {
    allowKubectl(parseLine(`kubectl ${line}`)[0]!.words.slice(1));
  } catch (error) {
    if (error instanceof LineRefusal) return error.message;
    throw error;
  }
  return null;
}

// Whatever words there are: what kubectl is given has the verb first, then flags of the table as one word each.
test("nothing that is let through has another form than verb, known flags, places", () => {
  const dangerous = Object.keys(REFUSED_FLAGS).map((name) => `--${name}`);
  const word = fc.oneof(
    fc.constantFrom(
      "get",
      "pods",
      "-n",
      "shop",
      "-f",
      "-",
      "--",
      "-it",
      "create",
      "cm",
      "-ojson",
      "x=y",
      "cp",
      "web:/x",
    ),
    fc.constantFrom(...dangerous, ...dangerous.map((flag) => `${flag}=/etc/passwd`)),
    fc.constantFrom(
      "-s",
      "-shttp://x",
      "-k",
      "-nk",
      "-nf/etc/passwd",
      "-itf",
      "/etc/passwd",
      "../x",
      "--from-file",
    ),
    fc.string({ maxLength: 4 }),
  );
  let taken = 0;
  fc.assert(
    fc.property(fc.array(word, { maxLength: 7 }), (words) => {
      let args: string[];
      try {
        args = allowKubectl(words).args;
      } catch (error) {
        expect(error).toBeInstanceOf(LineRefusal);
        return;
      }
      taken++;
      const end = args.indexOf("--");
      const own = end < 0 ? args : args.slice(0, end);
      const verb = [3, 2, 1].map((count) => own.slice(0, count).join(" ")).find((name) => verbs.has(name))!;
      for (const arg of own.slice(verb.split(" ").length)) {
        if (!arg.startsWith("-") || arg === "-") continue;
        const [, name] = /^--([\w-]+)=/.exec(arg)!;
        expect(verbs.get(verb)!.flags.map((flag) => flag.name)).toContain(name);
      }
    }),
    { numRuns: 30_000 },
  );
  expect(taken).toBeGreaterThan(200);
});

const all = await kubectlBinaries();
const some = [...new Set([all[0]!, all[Math.floor(all.length / 2)]!, all.at(-1)!])];

describe.each(some)("kubectl $version", ({ path, version }) => {
  const help = (args: string[]) => {
    const env = { KUBECONFIG: "/dev/null", HOME: "/nonexistent", KUBERC: "off" };
    // An older kubectl fails where a verb is not there yet.
    return spawnSync(path, args, {
      env: env as unknown as NodeJS.ProcessEnv,
      stdio: ["ignore", "pipe", "ignore"],
    }).stdout.toString();
  };
  const flagsIn = (text: string) =>
    [...text.matchAll(/^\s+(?:-(\w), )?--([\w-]+)=(.*?):/gm)].map(([, short = null, name, value]) => ({
      short,
      name: name!,
      isSwitch: value === "true" || value === "false",
    }));

  test("has each flag as the table has it, and no flag that is neither in it nor refused", {
    timeout: 120_000,
  }, () => {
    const undecided = new Set<string>();
    const global = flagsIn(help(["options"]));
    for (const verb of verbs.values()) {
      const text = verb.name === "help" ? "" : help([...verb.name.split(" "), "--help"]);
      // The gateway's own comparison has fewer.
      if (verb.name === "diff") continue;
      // An older kubectl answers with the help of the command above.
      if (!text.includes(`kubectl ${verb.name}`)) continue;
      for (const { name, short, isSwitch } of [...flagsIn(text), ...global]) {
        const known = verb.flags.find((flag) => flag.name === name);
        if (!known) {
          if (!(name in REFUSED_FLAGS)) undecided.add(`${verb.name} --${name}`);
          continue;
        }
        const where = `${verb.name} --${name}`;
        if (known.takes !== "optional")
          expect(`${where} ${isSwitch}`).toBe(`${where} ${known.takes === "switch"}`);
        if (short) expect(`${where} -${known.short}`).toBe(`${where} -${short}`);
      }
    }
    // What only an older kubectl has is refused as unknown.
    if (minorOf(version) >= 27) expect([...undecided]).toEqual([]);
  });
});
