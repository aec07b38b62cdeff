import type Docker from 'dockerode';

/** An image of the local engine; undefined where it has none of that name. */
export async function inspectImage(
  docker: Docker,
  reference: string,
): Promise<Docker.ImageInspectInfo | undefined> {
  return docker
    .getImage(reference)
    .inspect()
    .catch(() => undefined);
}

/** A label of an image of the local engine; undefined without the image or the label. */
export async function imageLabel(
  docker: Docker,
  reference: string,
  label: string,
): Promise<string | undefined> {
  const image = await inspectImage(docker, reference);
  return (image?.Config.Labels as Record<string, string> | null | undefined)?.[label];
}

/**
 * Waits for the end of a pull or a build.
 *
 * @param progress what the engine sends meanwhile
 * @throws what the engine says when it fails
 */
export async function engineDone(docker: Docker, progress: NodeJS.ReadableStream): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(progress, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}

/**
 * Pulls an image into the local engine, and waits until it is there.
 *
 * @throws what the engine says: that the registry is out of reach, or that it refuses
 */
export async function pullImage(docker: Docker, reference: string): Promise<void> {
  await engineDone(docker, await docker.pull(reference));
}
