import type Docker from 'dockerode';
import { environmentError, messageOf } from '@holdfast/core';

/** The network that the nodes of a cluster share, with an address for each of them. */
export interface NodeNetwork {
  name: string;
  /** As in 172.18.0.0/16. */
  subnet: string;
  /** Where the engine's machine is on it. */
  gateway: string;
  /** As many as were asked for; none is the gateway's. */
  addresses: string[];
}

/** What a network is found by. */
interface NetworkName {
  name: string;
  labels: Record<string, string>;
}

interface Pool {
  Subnet: string;
  Gateway: string;
}

/** Between two steps somebody else may take the range that the engine has chosen. */
const attempts = 5;

function toNumber(address: string): number {
  return address.split('.').reduce((number, part) => number * 256 + Number(part), 0);
}

function toAddress(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}

/**
 * The first addresses of a subnet that nodes can have.
 *
 * @throws Error when the subnet has too few
 */
export function nodeAddresses(subnet: string, gateway: string, count: number): string[] {
  const [base = '', bits = ''] = subnet.split('/');
  const first = toNumber(base) + 1;
  const usable = 2 ** (32 - Number(bits)) - 2;
  const found: string[] = [];
  for (let number = first; number < first + usable && found.length < count; number += 1) {
    const address = toAddress(number);
    if (address !== gateway) found.push(address);
  }
  if (found.length === count) return found;
  throw new Error(`${subnet} has no room for ${count} nodes`);
}

async function create(
  docker: Docker,
  { name, labels }: NetworkName,
  pool?: Pool,
): Promise<Docker.Network> {
  return docker.createNetwork({
    Name: name,
    CheckDuplicate: true,
    Labels: labels,
    ...(pool && { IPAM: { Driver: 'default', Config: [pool] } }),
  });
}

/** A range that is free now, as the engine chooses one. */
async function freePool(docker: Docker, named: NetworkName): Promise<Pool> {
  const network = await create(docker, named);
  const { IPAM } = (await network.inspect()) as { IPAM?: { Config?: Partial<Pool>[] } };
  await network.remove();
  const { Subnet, Gateway } = IPAM?.Config?.find((pool) => pool.Subnet?.includes('.')) ?? {};
  if (Subnet === undefined || Gateway === undefined) throw new Error('it has no IPv4 addresses');
  return { Subnet, Gateway };
}

async function createWithPool(docker: Docker, named: NetworkName): Promise<Pool> {
  for (let attempt = 1; ; attempt += 1) {
    const pool = await freePool(docker, named);
    try {
      await create(docker, named, pool);
      return pool;
    } catch (error) {
      if (attempt === attempts) throw error;
    }
  }
}

/**
 * Makes a network on which every node has an address of its own for good: the engine hands addresses
 * out in the order of starts, and takes a wish only on a network whose range was named. So the engine
 * chooses a free range first, and then gets it named.
 *
 * @throws HoldfastError (environment) when the engine makes none
 */
export async function createNodeNetwork(
  docker: Docker,
  named: NetworkName,
  nodes: number,
): Promise<NodeNetwork> {
  const pool = await createWithPool(docker, named).catch((cause: unknown) => {
    throw environmentError(`the network of the cluster can not be made: ${messageOf(cause)}`, {
      hint: 'see what the engine says; too many networks are removed by: docker network prune',
      cause,
    });
  });
  const { Subnet: subnet, Gateway: gateway } = pool;
  return { name: named.name, subnet, gateway, addresses: nodeAddresses(subnet, gateway, nodes) };
}
