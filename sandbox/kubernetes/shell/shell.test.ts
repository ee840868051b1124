// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are shell scripts
import { afterAll, describe, expect, it } from "vitest";
import { runInContainer, startContainer } from "./run-in-container.ts";

const container = startContainer({ environment: { GREETING: "hello" } });
afterAll(() => container.stop());

const sh = (script: string, stdin?: string) => runInContainer(container, ["sh", "-c", script], stdin);

describe("the shell", () => {
  it.each([
    ["quoting", `echo 'a  b' "c  $GREETING" d\\ e "\\$x"`, "a  b c  hello d e $x\n"],
    ["variables", "x=1; y=$x$x; echo $y ${y}z ${unset:-default} ${#GREETING}", "11 11z default 5\n"],
    [
      "prefixes and suffixes",
      "f=/a/b.tar.gz; echo ${f##*/} ${f%.*} ${f%%.*} ${f#*/} ${f/b/X}",
      "b.tar.gz /a/b.tar /a/b a/b.tar.gz /a/X.tar.gz\n",
    ],
    [
      "field splitting",
      'x="a  b"; set -- $x "$x"; echo $# "$2"; for i in "$@"; do echo "<$i>"; done',
      "3 b\n<a>\n<b>\n<a  b>\n",
    ],
    ["command substitution", "echo $(echo $(echo deep)) `echo old`", "deep old\n"],
    [
      "arithmetic",
      "i=3; echo $((i * 2 + (1 << 3))) $((i > 2 ? 10 : 20)) $((i++)) $i $((7 % 4))",
      "14 10 3 4 3\n",
    ],
    [
      "and, or, not",
      "true && echo a; false || echo b; ! false && echo c; false && echo no; echo $?",
      "a\nb\nc\n1\n",
    ],
    ["if and elif", "if false; then echo 1; elif [ 2 -gt 1 ]; then echo 2; else echo 3; fi", "2\n"],
    [
      "for, while, until, break, continue",
      "for i in 1 2 3 4; do [ $i = 2 ] && continue; [ $i = 4 ] && break; echo $i; done; n=0; until [ $n -ge 2 ]; do n=$((n+1)); done; echo $n",
      "1\n3\n2\n",
    ],
    [
      "case",
      'for x in apple pear 7; do case $x in a*|b*) echo A;; [0-9]) echo N;; *) echo "?";; esac; done',
      "A\n?\nN\n",
    ],
    ["functions", "f() { local x=in; echo $1 $x; return 3; }; x=out; f arg; echo $? $x", "arg in\n3 out\n"],
    [
      "here-documents",
      "cat <<EOF\n$GREETING $((1+1))\nEOF\ncat <<'EOF'\n$GREETING\nEOF\n",
      "hello 2\n$GREETING\n",
    ],
    ["pipelines", "printf 'b\\na\\nb\\n' | sort | uniq -c | tr -s ' '", " 1 a\n 2 b\n"],
    ["subshells", "x=1; (x=2; cd /tmp; echo $x $PWD); echo $x $PWD", "2 /tmp\n1 /\n"],
    [
      "groups and redirections",
      "{ echo a; echo b; } > /tmp/g; cat /tmp/g; echo c >> /tmp/g; wc -l < /tmp/g",
      "a\nb\n3\n",
    ],
    ["stderr to stdout", "ls /nope 2>&1 | tr a-z A-Z", "LS: /NOPE: NO SUCH FILE OR DIRECTORY\n"],
    [
      "globs",
      "cd /tmp; touch b.txt a.txt .hid; echo *.txt /nope/* '*.txt' [ab].txt",
      "a.txt b.txt /nope/* *.txt a.txt b.txt\n",
    ],
    ["braces", "echo x{a,b}y {1..3}", "xay xby 1 2 3\n"],
    [
      "read from a pipe",
      "printf '1 one\\n2 two two\\n' | while read n rest; do echo \"$n=$rest\"; done",
      "1=one\n2=two two\n",
    ],
    ["eval, shift, $@", 'set -- a b c; shift; eval "echo \\$1 $#"', "b 2\n"],
    ["sh -c with arguments", "sh -c 'echo $0 $1 $#' name one two", "name one 2\n"],
    ["exit traps", "trap 'echo bye' EXIT; echo hi", "hi\nbye\n"],
    ["background and wait", "(sleep 0.05; echo later) & wait; echo done", "later\ndone\n"],
    ["type and command -v", "command -v ls cd; type nosuch", "/bin/ls\ncd\nnosuch: not found\n"],
  ])("does %s", async (_name, script, stdout) => {
    expect((await sh(script)).stdout).toBe(stdout);
  });

  it.each([
    ["exit 7", 7],
    ["false", 1],
    ["nosuchcommand", 127],
    ["/etc/hostname", 126],
    ["sh -c 'exit 300'", 44],
    ["set -e; false; echo not reached", 1],
    ["set -u; echo $nothere", 2],
    ["echo $((1/0))", 2],
    ["if true", 2],
    ["kill -9 $$", 137],
    ["sh -c 'kill $$'; exit $?", 143],
    ["yes | head -n 1 > /dev/null", 0],
    ["false | true", 0],
    ["set -o pipefail; false | true", 1],
    ["timeout 0.05 sleep 5", 143],
  ])("ends %j with %i", async (script, code) => {
    expect((await sh(script)).code).toBe(code);
  });

  it("says what is wrong as ash does", async () => {
    expect((await sh("nosuchcommand")).stderr).toBe("sh: nosuchcommand: not found\n");
    expect((await sh("cat < /nope")).stderr).toBe("sh: can't open /nope: no such file\n");
    expect((await sh("fi")).stderr).toContain('syntax error: unexpected "fi"');
  });

  it("reads a script from stdin line by line, leaving the rest to its commands", async () => {
    const { stdout } = await runInContainer(container, ["sh"], "read x\npayload\necho got $x\n");
    expect(stdout).toBe("got payload\n");
  });

  it("runs script files, and env with assignments", async () => {
    expect(
      (
        await sh(
          "printf '#!/bin/sh\\necho script $1\\n' > /tmp/s; chmod +x /tmp/s; /tmp/s arg; env A=1 sh -c 'echo $A'",
        )
      ).stdout,
    ).toBe("script arg\n1\n");
  });

  it("stops endless loops, fork bombs, recursion and runaway patterns, and cleans up", async () => {
    const own = startContainer();
    const loop = own.exec({ command: ["sh", "-c", "while true; do :; done"], tty: false, stdin: false });
    setTimeout(() => loop.hangUp(), 50);
    expect(await loop.exit).toBe(129);
    const script =
      "f() { f | f & }; f 2> /dev/null; sh -c 'g() { g; }; g' 2> /dev/null; echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa! | grep -E '(a+)+$'";
    expect((await runInContainer(own, ["sh", "-c", script])).stderr).toContain(
      "regular expression too complex",
    );
    await expect
      .poll(async () => (await runInContainer(own, ["ps"])).stdout.trim().split("\n").length)
      .toBe(3);
    own.stop();
  });

  it("survives scripts that are no scripts", async () => {
    for (const script of [
      "$(",
      "((((",
      "'",
      '"',
      "`",
      "${",
      "$((",
      "|",
      "&&",
      "<<",
      ">",
      "a(",
      "x=$(cat",
      "${a:-${b:-",
      "case x in",
      "]",
      "\\",
    ]) {
      const { code, stderr } = await sh(script);
      expect([0, 1, 2, 127]).toContain(code);
      expect(stderr).not.toContain("defect");
    }
  });
});
