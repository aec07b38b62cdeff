import type Docker from 'dockerode';

/**
 * Pulls an image into the local engine, and waits until it is there.
 *
 * @throws what the engine says: that the registry is out of reach, or that it refuses
 */
export async function pullImage(docker: Docker, reference: string): Promise<void> {
  const progress = await docker.pull(reference);
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(progress, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
