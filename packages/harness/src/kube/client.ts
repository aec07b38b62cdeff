import {
  createConfiguration,
  HttpMethod,
  KubeConfig,
  RequestContext,
} from '@kubernetes/client-node';
import { badInput, environmentError, messageOf } from '@holdfast/core';
import { failureOf, isGone, isNotFound } from './failure.ts';
import { collectionPath, objectPath, type Resource } from './resource.ts';
import { warningsOf } from './warnings.ts';

/** A successful answer of the API server. */
export interface Answer {
  /** The body as it came: JSON, but plain text for logs. */
  text: string;
  /** The server's warnings, as Pod Security and deprecations give them. */
  warnings: string[];
}

export interface RequestOptions {
  query?: Record<string, string>;
  body?: unknown;
}

/**
 * The API server, bound to a kubeconfig and an abort signal.
 *
 * Objects travel as the JSON they are, not through generated classes: those drop the fields that
 * they do not know, and a dry run would then find no misspelled field.
 */
export interface KubeClient {
  readonly config: KubeConfig;
  readonly signal: AbortSignal;
  /** One request with a limit of 30 s. Throws ApiFailure when the answer is no success. */
  request(method: HttpMethod, path: string, options?: RequestOptions): Promise<Answer>;
  /** One object, or undefined where it does not exist. */
  get<T>(resource: Resource<T>, name: string, namespace?: string): Promise<T | undefined>;
  /** All objects of a kind, with the resource version to watch from. */
  list<T>(resource: Resource<T>, namespace?: string): Promise<Listing<T>>;
  create<T>(resource: Resource<T>, object: unknown, namespace?: string): Promise<T>;
  /**
   * Asks for an object's removal; a missing one is fine, and so is another of its name, which is left
   * alone, where the body has the UID as a precondition.
   */
  remove(
    resource: Resource<unknown>,
    name: string,
    namespace?: string,
    body?: unknown,
  ): Promise<void>;
  /** The same client under another signal: what must still happen after an abort. */
  withSignal(signal: AbortSignal): KubeClient;
}

export interface Listing<T> {
  items: T[];
  resourceVersion: string;
}

const requestLimitMs = 30_000;

async function send(
  config: KubeConfig,
  signal: AbortSignal,
  method: HttpMethod,
  path: string,
  options: RequestOptions,
): Promise<Answer> {
  signal.throwIfAborted();
  const server = config.getCurrentCluster()?.server ?? '';
  const url = new URL(server.replace(/\/$/, '') + path);
  for (const [key, value] of Object.entries(options.query ?? {})) url.searchParams.set(key, value);
  const request = new RequestContext(url.toString(), method);
  request.setHeaderParam('Accept', 'application/json, */*');
  request.setSignal(AbortSignal.any([signal, AbortSignal.timeout(requestLimitMs)]));
  if (options.body !== undefined) {
    request.setHeaderParam('Content-Type', 'application/json');
    request.setBody(JSON.stringify(options.body));
  }
  await config.applySecurityAuthentication(request);
  try {
    const response = await createConfiguration().httpApi.send(request).toPromise();
    const text = await response.body.text();
    if (response.httpStatusCode < 300) {
      return { text, warnings: warningsOf(response.headers['warning'] ?? '') };
    }
    throw failureOf(response.httpStatusCode, text, `${method} ${url.pathname}`);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
    throw environmentError(`the API server does not answer: ${reasonOf(error)}`, {
      object: `${method} ${url.toString()}`,
      hint: 'see that the cluster is up and that the kubeconfig names its address',
      cause: error,
    });
  }
}

/** fetch hides the reason ("connect ECONNREFUSED …") in its error's cause. */
function reasonOf(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : messageOf(error);
}

function clientOf(config: KubeConfig, signal: AbortSignal): KubeClient {
  const request: KubeClient['request'] = (method, path, options = {}) =>
    send(config, signal, method, path, options);
  return {
    config,
    signal,
    request,
    async get<T>(resource: Resource<T>, name: string, namespace?: string) {
      try {
        const answer = await request(HttpMethod.GET, objectPath(resource, name, namespace));
        return JSON.parse(answer.text) as T;
      } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
      }
    },
    async list<T>(resource: Resource<T>, namespace?: string) {
      const answer = await request(HttpMethod.GET, collectionPath(resource, namespace));
      const list = JSON.parse(answer.text) as { items: T[]; metadata: { resourceVersion: string } };
      return { items: list.items, resourceVersion: list.metadata.resourceVersion };
    },
    async create<T>(resource: Resource<T>, object: unknown, namespace?: string) {
      const path = collectionPath(resource, namespace);
      return JSON.parse((await request(HttpMethod.POST, path, { body: object })).text) as T;
    },
    async remove(resource, name, namespace, body) {
      try {
        await request(HttpMethod.DELETE, objectPath(resource, name, namespace), { body });
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    },
    withSignal: (other) => clientOf(config, other),
  };
}

/**
 * Binds a client to a kubeconfig file; nothing is asked of the cluster yet.
 *
 * @throws HoldfastError (badInput) when the file can't be read or has no such context
 */
export function connect(
  path: string,
  context: string | undefined,
  signal: AbortSignal,
): KubeClient {
  const config = new KubeConfig();
  try {
    config.loadFromFile(path);
  } catch (error) {
    throw badInput(`the kubeconfig can't be read: ${messageOf(error)}`, {
      object: path,
      hint: 'see that it is a kubeconfig, as kubectl reads it',
      cause: error,
    });
  }
  if (context !== undefined) config.setCurrentContext(context);
  if (config.getCurrentCluster() === null) {
    const contexts = config.getContexts().map(({ name }) => name);
    throw badInput('the kubeconfig has no such context', {
      object: `${path}, ${context === undefined ? 'no current context' : `context ${context}`}`,
      hint: `name one with --context: ${contexts.join(', ') || 'the file has none'}`,
    });
  }
  return clientOf(config, signal);
}
