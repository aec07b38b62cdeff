import { K3sContainer, type StartedK3sContainer } from '@testcontainers/k3s';
import { GenericContainer, type StartedTestContainer, Wait } from 'testcontainers';
import { environmentError, type HoldfastError, messageOf } from '@holdfast/core';
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
  /** Takes the last lines of the nodes' output. */
  log: string[];
}

const apiServerPort = 6443;

function containerName(session: string, name: string): string {
  return `holdfast-${session}-${name}`;
}

/** Turns what the engine says about a node that does not start into what to do about it. */
export function nodeFailure(cause: unknown, image: string, log: readonly string[]): HoldfastError {
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

/** What all nodes of the session have in common. */
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

/**
 * K3sContainer mounts the machine's whole tree of control groups. Several nodes on one machine would
 * then take each other's pods for orphans and kill them, and leave their groups behind: here a node
 * has what the engine gives each container, its own part of the tree.
 */
class ServerContainer extends K3sContainer {
  constructor(image: string) {
    super(image);
    this.hostConfig.Binds = [];
    Reflect.deleteProperty(this.hostConfig, 'CgroupnsMode');
  }
}

/** Starts the server's container; resolves when its API answers. */
export async function startServer(spec: NodeSpec, apiPort?: number): Promise<StartedK3sContainer> {
  const container = asNode(new ServerContainer(spec.image), spec)
    .withEnvironment({ K3S_TOKEN: spec.token })
    .withCommand([
      'server',
      '--disable=traefik',
      `--tls-san=${containerName(spec.session, spec.name)}`,
    ]);
  if (apiPort !== undefined) {
    container.withExposedPorts({ container: apiServerPort, host: apiPort });
  }
  return container.start();
}

/** Starts an agent's container; it joins the server by itself as soon as that one answers. */
export async function startAgent(spec: NodeSpec): Promise<StartedTestContainer> {
  return asNode(new GenericContainer(spec.image), spec)
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
