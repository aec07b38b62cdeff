import type Docker from 'dockerode';
import { sessionLabel } from './labels.ts';

/** What of a session is still there. */
interface Leftovers {
  containers: string[];
  networks: string[];
  volumes: string[];
}

/** Lists what carries the label, in whatever state it is. */
async function list(docker: Docker, session?: string): Promise<Leftovers> {
  const filters = { label: [session === undefined ? sessionLabel : `${sessionLabel}=${session}`] };
  const [containers, networks, volumes] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  return {
    containers: containers.map((container) => container.Id),
    networks: networks.map((network) => network.Id),
    volumes: volumes.Volumes.map((volume) => volume.Name),
  };
}

/**
 * Removes what carries the label of a session: containers with their anonymous volumes first, then
 * networks and volumes. What is being removed already, or is gone, is no error.
 *
 * @param session whose; without it that of all sessions
 * @returns whether there was nothing left to remove
 */
export async function removeSession(docker: Docker, session?: string): Promise<boolean> {
  const found = await list(docker, session);
  await Promise.allSettled(
    found.containers.map((id) => docker.getContainer(id).remove({ force: true, v: true })),
  );
  await Promise.allSettled(found.networks.map((id) => docker.getNetwork(id).remove()));
  await Promise.allSettled(found.volumes.map((name) => docker.getVolume(name).remove()));
  return [found.containers, found.networks, found.volumes].every((list) => list.length === 0);
}
