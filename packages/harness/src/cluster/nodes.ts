import { K3sContainer, type StartedK3sContainer } from '@testcontainers/k3s';
import type Docker from 'dockerode';
import { GenericContainer, type StartedTestContainer, Wait } from 'testcontainers';
import { environmentError, HoldfastError, messageOf } from '@holdfast/core';
import { sessionLabel } from './labels.ts';

/** What one node container is made from. */
export interface NodeSpec {
  /** The session's id. */
  session: string;
  /** The node's name and, with the session's id, the container's. */
  name: string;
  image: string;
  /** What agents join with. */
  token: string;
  network: string;
  /** The node's address on the network. */
  address: string;
  /** Takes the last lines of the nodes' output. */
  log: string[];
}

/** Where the API server listens in its node. */
export const apiServerPort = 6443;

function containerName(session: string, name: string): string {
  return `holdfast-${session}-${name}`;
}

/** Turns what the engine says about a node that does not start into what to do about it. */
export function nodeFailure(cause: unknown, image: string, log: readonly string[]): HoldfastError {
  if (cause instanceof HoldfastError && cause.kind === 'environment') return cause;
  const message = messageOf(cause);
  if (/operation not permitted|unable to apply caps/i.test(message)) {
    return environmentError('the Docker engine may not start privileged containers', {
      object: image,
      hint: 'give the engine that privilege, or prove on a cluster of yours with --kubeconfig FILE',
      cause,
    });
  }
  if (
    /No such image|pull access denied|manifest unknown|not found|no such host|dial tcp/i.test(
      message,
    )
  ) {
    return environmentError(`the node image can not be had: ${message.trim()}`, {
      object: image,
      hint: 'name one that the engine has or can pull with --k3s-image; where no registry answers, `npm run testbed` builds one',
      cause,
    });
  }
  if (/port is already allocated|address already in use/i.test(message)) {
    return environmentError(`a port is in use: ${message.trim()}`, {
      object: image,
      hint: 'name another port with --api-port, or leave the option out',
      cause,
    });
  }
  const tail = log.slice(-8).join('\n');
  return environmentError(`a node did not start: ${message.trim()}${tail && `\n${tail}`}`, {
    object: image,
    hint: 'see that the image is a k3s image, and that the machine has memory and disk space left',
    cause,
  });
}

/** The lines of output that the engine sends in frames, each behind a header with its length. */
function unframed(frames: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= frames.length;) {
    const end = at + 8 + frames.readUInt32BE(at + 4);
    parts.push(frames.subarray(at + 8, end));
    at = end;
  }
  return Buffer.concat(parts).toString().trim();
}

/** The end of what a node's container has printed, also when it has ended. */
export async function lastOutput(container: Docker.Container, lines: number): Promise<string> {
  return unframed(await container.logs({ stdout: true, stderr: true, tail: lines }));
}

/**
 * Checks that a node's container runs.
 *
 * @throws HoldfastError (environment) with the end of its output when it has ended
 */
export async function assertRunning(container: Docker.Container): Promise<void> {
  const { Name, State } = await container.inspect();
  if (State.Running) return;
  const output = await lastOutput(container, 12);
  throw environmentError(`a node has ended with exit code ${State.ExitCode}:\n${output}`, {
    object: Name.replace(/^\//, ''),
    hint: /too many open files/i.test(output)
      ? 'run fewer clusters at a time, or let nodes watch more files: sysctl -w fs.inotify.max_user_instances=1024'
      : 'see what it says, and that the machine has memory and disk space left',
  });
}

/** What all nodes of the session have in common beside their address. */
function asNode<C extends GenericContainer>(container: C, spec: NodeSpec): C {
  container
    .withName(containerName(spec.session, spec.name))
    .withHostname(spec.name)
    .withNetworkMode(spec.network)
    .withLabels({ [sessionLabel]: spec.session })
    .withLogConsumer((stream) => {
      stream.on('data', (line: Buffer | string) => {
        spec.log.push(line.toString().trimEnd());
        if (spec.log.length > 200) spec.log.shift();
      });
      stream.on('error', () => {});
    });
  return container;
}

/** Gives a container its address in its network, also when it is stopped and started. */
function endpoint({ network, address }: NodeSpec) {
  const config = { IPAMConfig: { IPv4Address: address } };
  return { EndpointsConfig: { [network]: config } };
}

/**
 * K3sContainer mounts the machine's whole tree of control groups. Several nodes on one machine would
 * then take each other's pods for orphans and kill them, and leave their groups behind: here a node
 * has what the engine gives each container, its own part of the tree.
 *
 * It also publishes its ports on others of the engine's choice, which are others again after a start.
 */
class ServerContainer extends K3sContainer {
  constructor(spec: NodeSpec, apiPort: number) {
    super(spec.image);
    this.hostConfig.Binds = [];
    Reflect.deleteProperty(this.hostConfig, 'CgroupnsMode');
    this.createOpts.NetworkingConfig = endpoint(spec);
    this.exposedPorts = [];
    this.createOpts.ExposedPorts = {};
    this.hostConfig.PortBindings = {};
    this.withExposedPorts({ container: apiServerPort, host: apiPort });
  }
}

class AgentContainer extends GenericContainer {
  constructor(spec: NodeSpec) {
    super(spec.image);
    this.createOpts.NetworkingConfig = endpoint(spec);
  }
}

/** Starts the server's container; resolves when its API answers. */
export async function startServer(spec: NodeSpec, apiPort: number): Promise<StartedK3sContainer> {
  return asNode(new ServerContainer(spec, apiPort), spec)
    .withEnvironment({ K3S_TOKEN: spec.token })
    .withCommand([
      'server',
      '--disable=traefik',
      `--tls-san=${containerName(spec.session, spec.name)}`,
    ])
    .start();
}

/** Starts an agent's container; it joins the server by itself as soon as that one answers. */
export async function startAgent(spec: NodeSpec): Promise<StartedTestContainer> {
  return asNode(new AgentContainer(spec), spec)
    .withPrivilegedMode()
    .withTmpFs({ '/run': 'rw', '/var/run': 'rw' })
    .withEnvironment({
      K3S_TOKEN: spec.token,
      K3S_URL: `https://${containerName(spec.session, 'server')}:${apiServerPort}`,
    })
    .withCommand(['agent'])
    .withWaitStrategy(Wait.forSuccessfulCommand('true'))
    .start();
}
