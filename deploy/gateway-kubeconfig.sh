#!/bin/sh
# Writes a kubeconfig with the gateway's own credential for the cluster that kubectl points at, for
# `npm start -- --kubeconfig FILE`. Apply deploy/cluster-rbac.yaml first.
#
#     deploy/gateway-kubeconfig.sh NAME FILE
#
# NAME is what the cluster will be called. FILE holds the token, so that only its owner may read it: delete it once the cluster is
# registered. Without FILE it is printed.
set -eu
name=${1:?takes the name that the cluster is to have, and the file to write}
file=${2:-}
umask 077

of_cluster() {
  kubectl config view --raw --minify --flatten --output "jsonpath={.clusters[0].cluster.$1}"
}

# Kubernetes puts the token into the Secret a moment after it was applied.
token_of_gateway() {
  tries=30
  while :; do
    encoded=$(kubectl --namespace kubewitness get secret gateway-token --output 'jsonpath={.data.token}')
    [ -z "$encoded" ] || break
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || {
      echo "error: the Secret kubewitness/gateway-token has no token after 30 s: is the cluster's controller manager running?" >&2
      return 1
    }
    sleep 1
  done
  printf %s "$encoded" | base64 -d
}

# One line of a cluster where there is a value.
line() {
  [ -z "$2" ] || printf '      %s: %s\n' "$1" "$2"
}

server=$(of_cluster server)
authority=$(of_cluster certificate-authority-data)
server_name=$(of_cluster tls-server-name)
insecure=$(of_cluster insecure-skip-tls-verify)
proxy=$(of_cluster proxy-url)
token=$(token_of_gateway)

print() {
  cat <<KUBECONFIG
apiVersion: v1
kind: Config
clusters:
  - name: "$name"
    cluster:
$(line server "\"$server\""
  line certificate-authority-data "$authority"
  line tls-server-name "${server_name:+\"$server_name\"}"
  line insecure-skip-tls-verify "$insecure"
  line proxy-url "${proxy:+\"$proxy\"}")
users:
  - name: gateway
    user:
      token: "$token"
contexts:
  - name: "$name"
    context:
      cluster: "$name"
      user: gateway
current-context: "$name"
KUBECONFIG
}

if [ -n "$file" ]; then
  # Whole or not at all, and nobody else's to read, whatever was there before.
  rm -f "$file.new"
  print >"$file.new"
  mv "$file.new" "$file"
else
  # What the shell redirects into has everybody's mode.
  if [ -f /dev/stdout ]; then chmod 600 /dev/stdout; fi
  print
fi
