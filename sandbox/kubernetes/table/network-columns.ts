import { at, fieldsOf, isFields, listOf, textOf } from "../objects/fields.ts";
import type { KubeObject } from "../objects/object.ts";
import { formatLabelSelector } from "../selectors/label-selector.ts";
import { ageColumn, type Column, column, nameColumn, wide } from "./columns.ts";
import { formatMap, joined, orNone } from "./format.ts";

function externalIP(service: KubeObject): string {
  const { type, externalIPs, externalName } = fieldsOf(service.spec);
  if (type === "ExternalName") return textOf(externalName);
  const given = joined(externalIPs);
  if (type !== "LoadBalancer") return given === "" ? "<none>" : given;
  const points = listOf(at(service, "status", "loadBalancer", "ingress")).filter(isFields);
  const addresses = points.map((point) => textOf(point.ip) || textOf(point.hostname)).join(",");
  return addresses || given || "<pending>";
}

function servicePorts(service: KubeObject): string {
  const ports = listOf(at(service, "spec", "ports")).filter(isFields);
  if (ports.length === 0) return "<none>";
  return ports
    .map(({ port, nodePort, protocol }) =>
      nodePort === undefined ? `${port}/${protocol}` : `${port}:${nodePort}/${protocol}`,
    )
    .join(",");
}

export const serviceColumns: Column[] = [
  nameColumn,
  column("Type", (service) => textOf(at(service, "spec", "type"))),
  column("Cluster-IP", (service) => orNone(at(service, "spec", "clusterIP"))),
  column("External-IP", externalIP),
  column("Port(s)", servicePorts),
  ageColumn,
  wide("Selector", (service) => formatMap(at(service, "spec", "selector"))),
];

function firstThree(values: string[]): string {
  if (values.length === 0) return "<none>";
  const more = values.length > 3 ? ` + ${values.length - 3} more...` : "";
  return values.slice(0, 3).join(",") + more;
}

function endpointAddresses(endpoints: KubeObject): string {
  const values = listOf(endpoints.subsets).flatMap((subset) => {
    const ports = listOf(at(subset, "ports"));
    return listOf(at(subset, "addresses")).flatMap((address) => {
      const ip = textOf(at(address, "ip"));
      return ports.length === 0 ? [ip] : ports.map((port) => `${ip}:${String(at(port, "port"))}`);
    });
  });
  return firstThree(values);
}

export const endpointsColumns: Column[] = [nameColumn, column("Endpoints", endpointAddresses), ageColumn];

export const endpointSliceColumns: Column[] = [
  nameColumn,
  column("AddressType", (slice) => textOf(slice.addressType)),
  column("Ports", (slice) => {
    const ports = listOf(slice.ports).map((port) => String(at(port, "port")));
    return ports.length === 0 ? "<unset>" : ports.join(",");
  }),
  column("Endpoints", (slice) =>
    firstThree(listOf(slice.endpoints).flatMap((endpoint) => listOf(at(endpoint, "addresses")).map(String))),
  ),
  ageColumn,
];

function ingressHosts(ingress: KubeObject): string {
  const hosts = listOf(at(ingress, "spec", "rules"))
    .map((rule) => textOf(at(rule, "host")))
    .filter((host) => host !== "");
  return hosts.length === 0 ? "*" : firstThree(hosts);
}

function ingressAddress(ingress: KubeObject): string {
  return listOf(at(ingress, "status", "loadBalancer", "ingress"))
    .map((point) => textOf(at(point, "ip")) || textOf(at(point, "hostname")))
    .join(",");
}

export const ingressColumns: Column[] = [
  nameColumn,
  column("Class", (ingress) => orNone(at(ingress, "spec", "ingressClassName"))),
  column("Hosts", ingressHosts),
  column("Address", ingressAddress),
  column("Ports", (ingress) => (listOf(at(ingress, "spec", "tls")).length > 0 ? "80, 443" : "80")),
  ageColumn,
];

export const ingressClassColumns: Column[] = [
  nameColumn,
  column("Controller", (object) => textOf(at(object, "spec", "controller"))),
  column("Parameters", () => "<none>"),
  ageColumn,
];

export const networkPolicyColumns: Column[] = [
  nameColumn,
  column("Pod-Selector", (policy) => formatLabelSelector(at(policy, "spec", "podSelector")) || "<none>"),
  ageColumn,
];
