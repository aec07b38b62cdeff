import { createServer } from 'node:http';
import { join } from 'node:path';

/** How the engine answers when an image is pulled. */
export type Registry = 'answers' | 'is out of reach' | 'refuses';

/** A Docker engine that has no containers, and images only after it has pulled them. */
export interface FakeEngine extends AsyncDisposable {
  socket: string;
  /** What was asked to be pulled. */
  pulls: string[];
  /** Images that it has without a pull. */
  has: string[];
  /** The labels of images that it has. */
  labels: Map<string, Record<string, string>>;
}

const messages = {
  'is out of reach': 'Get "https://registry/v2/": dial tcp: lookup registry: no such host',
  refuses: 'pull access denied, repository does not exist or may require authorization',
};

/** Listens on a socket in a folder. */
export async function fakeEngine(folder: string, registry: Registry): Promise<FakeEngine> {
  const pulls: string[] = [];
  const has: string[] = [];
  const labels = new Map<string, Record<string, string>>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://engine');
    const json = (status: number, body: unknown) => {
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    if (url.pathname.endsWith('/_ping')) {
      response.end('OK');
    } else if (url.pathname.endsWith('/images/create')) {
      const reference = `${url.searchParams.get('fromImage') ?? ''}:${url.searchParams.get('tag') ?? ''}`;
      pulls.push(reference);
      if (registry === 'answers') json(200, { status: 'done' });
      else json(500, { message: messages[registry] });
    } else if (/\/images\/.*\/json$/.test(url.pathname)) {
      const image = decodeURIComponent(/\/images\/(.*)\/json$/.exec(url.pathname)?.[1] ?? '');
      if (has.includes(image) || (registry === 'answers' && pulls.includes(image)))
        json(200, { Id: 'x', Config: { Labels: labels.get(image) } });
      else json(404, { message: 'No such image' });
    } else {
      json(404, { message: `the fake engine does not know ${url.pathname}` });
    }
  });
  const socket = join(folder, 'engine.sock');
  await new Promise<void>((resolve) => {
    server.listen(socket, resolve);
  });
  return {
    socket,
    pulls,
    has,
    labels,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
