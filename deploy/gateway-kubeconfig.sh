#!/bin/sh
# Prints a kubeconfig with the gateway's own credential for the cluster that kubectl points at, for
# `npm start -- --kubeconfig FILE`. Apply deploy/cluster-rbac.yaml first.
#
#     deploy/gateway-kubeconfig.sh NAME > gateway.kubeconfig
#
# NAME is what the cluster will be called. The file holds the token: delete it once the cluster is registered.
set -eu
name=${1:?takes the name that the cluster is to have}

of_cluster() {
  kubectl config view --raw --minify --flatten --output "jsonpath={.clusters[0].cluster.$1}"
}

server=$(of_cluster server)
authority=$(of_cluster certificate-authority-data)
token=$(kubectl --namespace kubewitness get secret gateway-token --output 'jsonpath={.data.token}' | base64 -d)
[ -n "$token" ] || {
  echo "the Secret kubewitness/gateway-token has no token yet: try again in a moment" >&2
  exit 1
}

cat <<KUBECONFIG
apiVersion: v1
kind: Config
clusters:
  - name: $name
    cluster:
      server: $server${authority:+
      certificate-authority-data: $authority}
users:
  - name: gateway
    user:
      token: $token
contexts:
  - name: $name
    context:
      cluster: $name
      user: gateway
current-context: $name
KUBECONFIG
