import { formatTime } from "../objects/object.ts";
import type { SeedContext } from "./seed-context.ts";

type NodeSeed = { name: string; index: number; zone: string; controlPlane?: true };

const nodes: NodeSeed[] = [
  { name: "acme-cp-1", index: 10, zone: "eu-west-1a", controlPlane: true },
  { name: "acme-worker-1", index: 21, zone: "eu-west-1a" },
  { name: "acme-worker-2", index: 22, zone: "eu-west-1b" },
];

function condition(
  type: string,
  status: string,
  reason: string,
  message: string,
  time: string,
  heartbeat: string,
) {
  return { type, status, lastHeartbeatTime: heartbeat, lastTransitionTime: time, reason, message };
}

function conditions(time: string, heartbeat: string) {
  const fine = (type: string, reason: string, message: string) =>
    condition(type, "False", reason, message, time, heartbeat);
  return [
    fine("MemoryPressure", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
    fine("DiskPressure", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    fine("PIDPressure", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    condition("Ready", "True", "KubeletReady", "kubelet is posting ready status", time, heartbeat),
  ];
}

/** Three machines: one control plane, two workers. */
export function seedNodes(seed: SeedContext): void {
  for (const { name, index, zone, controlPlane } of nodes) {
    const address = `10.20.0.${index}`;
    const node = seed.create(
      "/nodes",
      {
        metadata: {
          name,
          labels: {
            "beta.kubernetes.io/arch": "amd64",
            "beta.kubernetes.io/os": "linux",
            "kubernetes.io/arch": "amd64",
            "kubernetes.io/os": "linux",
            "node.kubernetes.io/instance-type": controlPlane ? "m6i.large" : "m6i.2xlarge",
            "topology.kubernetes.io/region": "eu-west-1",
            "topology.kubernetes.io/zone": zone,
            ...(controlPlane
              ? { "node-role.kubernetes.io/control-plane": "" }
              : { "node-role.kubernetes.io/worker": "" }),
          },
          annotations: { "node.alpha.kubernetes.io/ttl": "0" },
        },
        spec: {
          podCIDR: `10.42.${index - 10}.0/24`,
          podCIDRs: [`10.42.${index - 10}.0/24`],
          providerID: `aws:///${zone}/i-0${index}f3c9e84d2a1b7${index}`,
          ...(controlPlane
            ? { taints: [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }] }
            : {}),
        },
      },
      "kubelet",
    );
    const now = formatTime(seed.cluster.now());
    const cpu = controlPlane ? "2" : "8";
    const memory = controlPlane ? "7934016Ki" : "32386288Ki";
    const size = { cpu, "ephemeral-storage": "81106868Ki", memory, pods: "110" };
    seed.updateStatus("/nodes", node, {
      addresses: [
        { type: "InternalIP", address },
        { type: "Hostname", address: name },
      ],
      capacity: size,
      allocatable: { ...size, "ephemeral-storage": "74748089426" },
      conditions: conditions(now, formatTime(new Date())),
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: {
        architecture: "amd64",
        bootID: `5f0a1c6e-0000-4000-8000-0000000000${index}`,
        containerRuntimeVersion: "containerd://2.0.5",
        kernelVersion: "6.1.0-37-cloud-amd64",
        kubeProxyVersion: "",
        kubeletVersion: "v1.33.4",
        machineID: `ec2000000000000000000000000000${index}`,
        operatingSystem: "linux",
        osImage: "Debian GNU/Linux 12 (bookworm)",
        systemUUID: `ec200000-0000-4000-8000-0000000000${index}`,
      },
    });
    const micro = `${new Date().toISOString().slice(0, 19)}.000000Z`;
    seed.create(
      "coordination.k8s.io/leases",
      {
        metadata: { name, namespace: "kube-node-lease" },
        spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime: micro },
      },
      "kubelet",
    );
  }
}
