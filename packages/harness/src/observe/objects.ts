/** The Kubernetes objects that a proof reads, as far as it reads them: plain JSON of the API. */

export interface OwnerReference {
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
}

export interface Metadata {
  name: string;
  namespace?: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
}

export interface VolumeMount {
  name: string;
  mountPath: string;
  readOnly?: boolean;
}

export interface Container {
  name: string;
  image: string;
  volumeMounts?: VolumeMount[];
}

export interface ContainerState {
  running?: { startedAt?: string };
  waiting?: { reason?: string; message?: string };
  terminated?: { exitCode: number; reason?: string; message?: string };
}

export interface ContainerStatus {
  name: string;
  image: string;
  imageID: string;
  containerID?: string;
  ready: boolean;
  restartCount: number;
  state?: ContainerState;
  lastState?: ContainerState;
}

export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
}

export interface PodVolume {
  name: string;
  persistentVolumeClaim?: { claimName: string };
}

export interface Pod {
  metadata: Metadata;
  spec: {
    nodeName?: string;
    containers: Container[];
    initContainers?: Container[];
    volumes?: PodVolume[];
    restartPolicy?: string;
  };
  status: {
    phase?: string;
    podIP?: string;
    /** Of every family; the first is podIP. */
    podIPs?: { ip: string }[];
    conditions?: Condition[];
    containerStatuses?: ContainerStatus[];
    initContainerStatuses?: ContainerStatus[];
  };
}

export interface StatefulSet {
  metadata: Metadata;
  spec: {
    replicas?: number;
    serviceName?: string;
    ordinals?: { start?: number };
    volumeClaimTemplates?: { metadata: { name: string } }[];
  };
  status: {
    observedGeneration?: number;
    replicas?: number;
    readyReplicas?: number;
    currentRevision?: string;
    updateRevision?: string;
  };
}

export interface Claim {
  metadata: Metadata;
  spec: { volumeName?: string };
  status: { phase?: string };
}

export interface Volume {
  metadata: Metadata;
  spec: {
    hostPath?: { path: string };
    local?: { path: string };
    [source: string]: unknown;
  };
}

export interface KubeEvent {
  metadata: Metadata;
  involvedObject: { kind?: string; name?: string; uid?: string };
  reason?: string;
  message?: string;
  type?: string;
  count?: number;
  firstTimestamp?: string | null;
  lastTimestamp?: string | null;
  eventTime?: string | null;
}

/** Whether a condition of a pod is true. */
export function hasCondition(pod: Pod, type: string): boolean {
  return pod.status.conditions?.some((c) => c.type === type && c.status === 'True') ?? false;
}

/** Whether a pod is Ready and not on its way out. */
export function isReady(pod: Pod): boolean {
  return hasCondition(pod, 'Ready') && pod.metadata.deletionTimestamp === undefined;
}

/** The owner that controls an object. */
export function controllerOf(metadata: Metadata): OwnerReference | undefined {
  return metadata.ownerReferences?.find((owner) => owner.controller === true);
}
