import type { SecretPattern } from "./secret-patterns.ts";

// How clients of databases, directories and registries take a password, each in its own way.

/** What an earlier pattern took out already is not a secret. */
const VALUE = String.raw`(?!["']?\[redacted )(?<secret>"[^"]*"|'[^']*'|["']?[^\s"'&;|]+)`;
/** Up to the option, within the same command. */
const UP_TO = String.raw`\s(?:[^|;&\n]{0,256}?\s)?`;

const client = (program: string, form: string, flags = "g"): SecretPattern =>
  new RegExp(String.raw`\b(?:${program})${form}${VALUE}`, flags);

export const CLIENT_PATTERNS: readonly SecretPattern[] = [
  client("sqlcmd|bcp|tsql|zip|unzip|mosquitto_(?:pub|sub|rr)|ipmitool", String.raw`${UP_TO}-P\s*`),
  client("ldap(?:search|add|modify|delete|whoami|compare|modrdn|passwd|exop)", String.raw`${UP_TO}-w\s*`),
  client("ldappasswd", String.raw`${UP_TO}-[as]\s*`),
  client("https?|xhs?", String.raw`${UP_TO}(?:-a|--auth)(?:=|\s*)[^\s:]{1,256}:`),
  client("skopeo|buildah|podman|crane", String.raw`${UP_TO}--(?:src-|dest-)?creds(?:=|\s+)[^\s:]{1,256}:`),
  client("curl", String.raw`${UP_TO}(?:-E|--cert)(?:=|\s*)[^\s:]{1,256}:`),
  client("curl", String.raw`${UP_TO}-b\s*["']?[^\s"'=;]{1,256}=`),
  client("smbclient|rpcclient|net", String.raw`${UP_TO}-U\s*[^\s%]{1,256}%`),
  client("lftp", String.raw`${UP_TO}-u\s*[^\s,]{1,256},`),
  client("openssl", String.raw`${UP_TO}-[kK]\s+`),
  client("sqlplus|expdp|impdp", String.raw`\s+(?:-\S{1,64}\s+){0,4}[^\s/@-][^\s/@]{0,256}/(?!/)`),
  client("(?:mysql|mariadb-)admin", String.raw`${UP_TO}password\s+`),
  client("rabbitmqctl", String.raw`${UP_TO}(?:add_user|change_password|authenticate_user)\s+\S{1,256}\s+`),
  client(
    "htpasswd",
    String.raw`\s+(?:-\S{1,16}\s+){0,3}-\w{0,8}b\w{0,8}(?:\s+[^\s|;&]{1,256}){1,2}\s+(?=\S+\s*(?:$|[|;&"']))`,
  ),
  client("mc", String.raw`\s+(?:alias\s+set|config\s+host\s+add)(?:\s+[^\s|;&]{1,256}){3}\s+`),
  client("nmcli", String.raw`${UP_TO}password\s+`),
  client("wpa_passphrase", String.raw`\s+\S{1,256}\s+`),
  // All that is written, whatever it is called.
  /\bvault\s+(?:kv\s+)?(?:put|write|patch)\s+(?:-\S{1,64}\s+){0,4}\S{1,256}\s+(?!\[redacted )(?<secret>[^|;&\n]{1,4096})/g,
  client("(?:redis|valkey|keydb)-cli", String.raw`${UP_TO}-a\s*`),
  client("(?:redis|valkey|keydb)-cli", String.raw`${UP_TO}acl\s+setuser\s[^|;&\n]{0,256}?>`, "gi"),
  client(
    "(?:valkey|keydb)-cli",
    String.raw`${UP_TO}auth\s+(?:[^\s|;&-][^\s|;&]{0,256}\s+(?=[^\s|;&-]))?`,
    "gi",
  ),
  client(String.raw`set\s+password\s+for`, String.raw`\s+\S{1,256}\s*(?:=|to)\s*`, "gi"),
];
