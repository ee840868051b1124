import { expect, test } from "vitest";
import fc from "../../../test/properties.ts";
import { createTextRedactor, redactKnownSecrets } from "./redact-text.ts";
import { ASSIGNMENT_PATTERNS, TOKEN_PATTERNS } from "./secret-patterns.ts";

const { redactArguments, redactText } = createTextRedactor();
const S = "hunter2hunter2";

/** Split at spaces but for what is in quotes, as a shell would. */
const shellWords = (line: string): string[] =>
  [...line.matchAll(/(?:"[^"]*"|'[^']*'|\S)+/g)].map(([word]) => word.replaceAll(/["']/g, ""));

test.each([
  `curl --oauth2-bearer ${S} https://x`,
  `curl -H 'Cookie: session=${S}' https://x`,
  `curl -H 'Cookie: a=b; session=${S}' https://x`,
  `curl --header 'Set-Cookie: session=${S}'`,
  `curl '-HCookie: session=${S}'`,
  `curl '--header=Cookie: session=${S}'`,
  `curl --cookie session=${S} https://x`,
  `curl -H "Authorization: ${S}" https://x`,
  `curl -H "Authorization: ApiKey ${S}" https://x`,
  `curl -H "Authorization: AWS4-HMAC-SHA256 Credential=a, Signature=${S}"`,
  `curl -H "Proxy-Authorization: Basic ${S}" https://x`,
  `curl -H "X-API-Key: ${S}" https://x`,
  `redis-cli -a ${S} ping`,
  `redis-cli -a${S} ping`,
  `redis-cli -h db -p 6379 --no-auth-warning -a ${S} ping`,
  `redis-cli --pass ${S}`,
  `redis-cli ACL SETUSER a on '>${S}'`,
  `valkey-cli -a ${S} ping`,
  `valkey-cli AUTH default ${S}`,
  `sqlcmd -S db -U sa -P ${S}`,
  `zip -e -P ${S} a.zip b`,
  `mosquitto_pub -u a -P ${S} -t x`,
  `ldapsearch -x -D cn=a -w ${S} -b dc=x`,
  `http -a bob:${S} https://x`,
  `skopeo copy --src-creds bob:${S} docker://x`,
  `curl --cert c.pem:${S} https://x`,
  `curl -b session=${S} https://x`,
  `smbclient -U bob%${S} //h/x`,
  `lftp -u bob,${S} h`,
  `openssl enc -aes256 -k ${S} -in x`,
  `sqlplus scott/${S}@orcl`,
  `mysqladmin -u root password ${S}`,
  `rabbitmqctl change_password bob ${S}`,
  `htpasswd -b /etc/htpasswd bob ${S}`,
  `htpasswd -nb bob ${S}`,
  `mc alias set m http://h KEY ${S}`,
  `nmcli dev wifi connect x password ${S}`,
  `wpa_passphrase home ${S}`,
  `vault kv put secret/x a=${S}`,
  `vault write auth/x user=bob a=1 b=${S}`,
  `npm config set //registry.example.com/:_authToken ${S}`,
  `mysql -e "SET PASSWORD FOR bob = '${S}'"`,
  `/usr/bin/redis-cli -a '${S}'`,
  `vault login ${S}`,
  `vault login -no-print -address=https://x ${S}`,
  `vault login token=${S}`,
  `env PASS=${S} ./run`,
  `DB_PASS=${S} ./run`,
  `mysql -p${S} -e 'select 1'`,
  `ssh db mysql -p${S}`,
  `kubectl create secret generic x --from-literal=password=${S}`,
  `docker login -u bob -p ${S} registry.example.com`,
  `docker login -p${S}`,
  `sshpass -p ${S} ssh a@b`,
  `az login --service-principal -u a -p ${S} --tenant t`,
  `mongo -u a -p ${S}`,
  `./tool -p ${S}`,
  `ssh db mongo -p ${S}`,
  `redis-cli AUTH ${S}`,
  `redis-cli -h db auth bob ${S}`,
  `redis-cli config set requirepass ${S}`,
  `aws configure set aws_secret_access_key ${S}`,
  `aws configure set profile.a.aws_session_token ${S} --region x`,
  `az keyvault secret set --name a --value ${S}`,
  `git clone https://${S}@github.com/a/b`,
])("%s, as arguments and as a shell's line", (line) => {
  for (const args of [shellWords(line), ["sh", "-c", line]]) {
    const kept = redactArguments(args);
    expect(kept).toHaveLength(args.length);
    expect(kept.join(" ")).not.toContain(S);
    expect(kept.join(" ")).toContain("[redacted ");
    expect(kept.join(" ")).not.toMatch(/\[redacted \d+ bytes\] \d+ bytes\]/);
    expect(kept[0]).toBe(args[0] === `DB_PASS=${S}` ? "DB_PASS=[redacted 14 bytes]" : args[0]);
  }
});

test.each([
  `psql -c "ALTER USER a WITH PASSWORD '${S}'"`,
  `psql -c "create role a login password '${S}'"`,
  `mysql -e "CREATE USER a IDENTIFIED BY '${S}'"`,
  `mysql -e 'ALTER USER a IDENTIFIED WITH caching_sha2_password BY "${S}"'`,
  `mysql -e "SET PASSWORD FOR a = PASSWORD('${S}')"`,
  `echo "root:${S}" | chpasswd`,
  `echo root:${S} | sudo chpasswd -e`,
  `printf '%s' ${S} | docker login -u a --password-stdin`,
  `echo ${S} | sudo -S ls`,
  `chpasswd <<< "root:${S}"`,
  `chpasswd <<EOF\nroot:${S}\nEOF`,
])("%s in a shell's line", (line) => {
  const [, , kept] = redactArguments(["sh", "-c", line]);
  expect(kept).not.toContain(S);
  expect(kept).toContain("[redacted ");
});

test("the whole argument behind -p goes", () => {
  expect(redactArguments(["sshpass", "-p", `a ${S} b`, "ssh"])).toEqual([
    "sshpass",
    "-p",
    "[redacted 18 bytes]",
    "ssh",
  ]);
});

test.each([`password = ${S}`, `password =${S}`, `x password='${S} y`, `echo "db.pass = '${S}'" >> app.ini`])(
  "%s in a shell's line",
  (line) => {
    expect(redactArguments(["sh", "-c", line])[2]).not.toContain(S);
    expect(redactText(line)).not.toContain(S);
  },
);

test.each([
  ...["ls -a", "ls -la /var/lib", "grep -a x file", "kubectl get pods -A", "kubectl get secret db -o yaml"],
  ...["COMPASS=north", "env PASSENGER=1 BYPASS=yes run", "tar -pxf backup.tar", "tar -z -pxf a.tgz"],
  ...[
    "mkdir -pv /a/b",
    "cp -pr a b",
    "ssh -p22 host",
    "psql -p5432",
    "ss -plnt",
    "docker run -u 1000:1000 x",
    "docker run -p 8080:80 nginx",
    "mkdir -p a/b",
    "ssh -p 22 host",
    "ps -p 1",
    "git log -p file",
    "nginx -p /etc/nginx",
    "echo a | grep b",
    "set -x",
  ],
  ...[
    "redis-cli -h db ping",
    "redis-cli -p6379 info",
    "redis-cli ping; ls -a x",
    "redis-cli info | grep -a role",
  ],
  ...[
    "vault status",
    "vault login -method=oidc",
    "vault login -method=userpass username=bob",
    "vault read a/b",
  ],
  ...[
    "curl -H 'Accept: text/html' https://x",
    "curl -b jar.txt https://x",
    "curl --cookie-jar jar.txt https://x",
  ],
  ...[
    "test $pass == yes",
    "cat /etc/passwd",
    "rails g cookie",
    "echo bearer of news",
    "grep -rn password: /etc",
  ],
])("%s stays readable", (line) => {
  const words = shellWords(line);
  expect(redactArguments(words)).toEqual(words);
  if (!line.endsWith("password: /etc")) expect(redactArguments(["sh", "-c", line])[2]).toBe(line);
});

const pieces = fc.constantFrom(
  ...[
    "--oauth2-bearer",
    "bearer",
    "Authorization:",
    "authorization",
    "Basic",
    "-H",
    "-u",
    "-p",
    "-a",
    "--token",
  ],
  ...[
    "redis-cli",
    "vault",
    "login",
    "password",
    "=",
    ":",
    "PASS=",
    "Cookie: a",
    "bob:hunter2",
    "--from-literal",
  ],
  ...["--from-literal=token=x", "a b", "a\u2029b", "[redacted 3 bytes]", "-pabc", "tar"],
  ...["eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJh", "postgres://a:b@c", "-----BEGIN PRIVATE KEY-----", S],
);

test("a header's value ends with its argument", () => {
  expect(redactArguments(["echo", `a cookie: b=${S}; c`, "-H", "Authorization: ApiKey x", "d"])).toEqual([
    ...["echo", "a cookie: [redacted 19 bytes]", "-H", "Authorization: [redacted 8 bytes]", "d"],
  ]);
});

/** As the record's message shows an argument. */
const quoted = (argument: string): string =>
  /^[\w@%+=:,./[\]-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;

test("looking at redacted arguments again, as the record's message does, finds nothing more", () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 8 }), (args) => {
      const line = redactArguments(args).map(quoted).join(" ");
      expect(redactText(line)).toBe(line);
    }),
    { numRuns: 5_000 },
  );
});

test("arguments stay as many as they were, whatever quotes they leave open", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.constantFrom("", "it's", '"', "'"), fc.string())), (args) => {
      expect(redactArguments(args)).toHaveLength(args.length);
    }),
    { numRuns: 2_000 },
  );
});

test("what is passed over by its first look holds nothing that a pattern finds", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 6 }), (parts) => {
      const text = parts.join(" ");
      const found = [...TOKEN_PATTERNS, ...ASSIGNMENT_PATTERNS].some(
        (pattern) => text.search(pattern) !== -1,
      );
      expect(redactKnownSecrets(text) !== text).toBe(found);
    }),
    { numRuns: 3_000 },
  );
});

test.each([
  `kw_${"a".repeat(51)}`,
  `kws_${"A1-_".repeat(12)}`,
  "AKIAIOSFODNN7EXAMPLE",
  "ghp_aaaaaaaaaaaaaaaaaaaaaaaa",
  "glpat-aaaaaaaaaaaaaaaaaaaa",
  `hvs.${"a".repeat(90)}`,
  `dckr_pat_${"a".repeat(27)}`,
  `https://hooks.slack.com/services/T0000/B0000/${"a".repeat(24)}`,
  "xoxb-aaaaaaaaaaaa",
  `npm_${"a".repeat(36)}`,
  "sk_live_aaaaaaaaaaaaaaaaaaaa",
  "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJh",
  "Bearer aaaaaaaaaaaa",
])("%s is told by its form alone", (token) => {
  expect(redactText(`a ${token} b`)).not.toContain(token);
});

// A pattern that is not linear takes minutes for these; the test's own deadline ends it.
test.each([
  ...[
    "-",
    " ",
    "-p ",
    "-pa ",
    "tar -p ",
    "-a -b ",
    "redis-cli ",
    "redis-cli -",
    "vault login ",
    "vault login -a ",
  ],
  ...[
    "cookie:",
    "'cookie: ",
    "authorization",
    "'authorization:",
    "--cookie ",
    "pass",
    "pass ",
    "pass =",
    "pgpass",
  ],
  ...["{token", "{ ", ", pass", "-u a", "-H cookie:", "\u2029", "-H \u2029", "-x\u2029", "redis-cli\u2029"],
])("arguments of %j are searched in time", (unit) => {
  const text = unit.repeat(8_192 / unit.length);
  expect(redactArguments(Array<string>(32).fill(text))).toHaveLength(32);
  expect(redactArguments(Array<string>(16_384).fill(unit))).toHaveLength(16_384);
});
