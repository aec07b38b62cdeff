import { homedir } from 'node:os';
import { join } from 'node:path';
import { badInput, environmentError, HoldfastError } from './errors.ts';
import { isThere } from './files.ts';
import { goBuild } from './go-build.ts';
import { run, runToSuccess, type RunOptions, type RunResult } from './process.ts';

/** The Helm release that is built where none is installed. */
export const helmVersion = 'v3.22.0';

const helmModule = 'helm.sh/helm/v3';

/**
 * What Helm's own build sets: without it `helm template` and `helm lint` take the cluster for
 * Kubernetes 1.20. The minor is that of the client-go which this Helm release is built with.
 */
const helmFlags = [
  '-s -w',
  `-X ${helmModule}/internal/version.version=${helmVersion}`,
  ...['pkg/lint/rules', 'pkg/chartutil'].flatMap((path) => [
    `-X ${helmModule}/${path}.k8sVersionMajor=1`,
    `-X ${helmModule}/${path}.k8sVersionMinor=37`,
  ]),
].join(' ');

/** Where Holdfast keeps what it built: $HOLDFAST_CACHE, or holdfast in the user's cache folder. */
export function cacheDir(): string {
  return (
    process.env['HOLDFAST_CACHE'] ??
    join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'holdfast')
  );
}

async function answers(program: string): Promise<boolean> {
  return run(program, ['version', '--short']).then(
    (result) => result.exitCode === 0,
    () => false,
  );
}

/**
 * Finds Helm: $HOLDFAST_HELM, the PATH, the cache; else builds it from its Go module into the cache.
 *
 * @param say is told when Helm has to be built, which takes one to three minutes
 * @returns the program's path or name
 * @throws HoldfastError (environment) when there is neither Helm nor Go
 */
export async function findHelm(
  say: (line: string) => void = () => {},
  signal?: AbortSignal,
): Promise<string> {
  const named = process.env['HOLDFAST_HELM'];
  if (named !== undefined) {
    if (await answers(named)) return named;
    throw environmentError('HOLDFAST_HELM names no working Helm', {
      object: named,
      hint: 'unset it, or set it to the path of a helm binary',
    });
  }
  if (await answers('helm')) return 'helm';
  const cached = join(cacheDir(), 'bin', `helm-${helmVersion}`);
  if (await isThere(cached)) return cached;
  say(`Helm is not installed: building ${helmVersion} from its Go module`);
  await goBuild({
    args: ['install', `${helmModule}/cmd/helm@${helmVersion}`],
    cwd: '/',
    program: 'helm',
    flags: helmFlags,
    target: cached,
    installHint: 'install Helm (https://helm.sh/docs/intro/install) or Go 1.25 or newer',
    ...(signal === undefined ? {} : { signal }),
  });
  return cached;
}

/** Helm with the options that all calls share. */
export interface Helm {
  /** Runs `helm ARGS`; resolves also when Helm fails. */
  run(args: readonly string[], options?: RunOptions): ReturnType<typeof run>;
  /** Runs `helm ARGS` and returns its standard output; throws Helm's own message when it fails. */
  succeed(args: readonly string[], options?: RunOptions): Promise<string>;
  /** As `helm version` prints it: "v3.22.0". */
  version(): Promise<string>;
}

/** Helm's own words without its prefix. */
export function helmMessage({ stderr, stdout }: Pick<RunResult, 'stdout' | 'stderr'>): string {
  return (stderr.trim() || stdout.trim()).replace(/^Error: /, '');
}

/**
 * A Helm that is bound to a program and, where given, to a cluster.
 *
 * @param kubeconfig path of the kubeconfig file; without it Helm only renders and checks
 */
export function helmClient(program: string, kubeconfig?: string): Helm {
  const env = kubeconfig === undefined ? {} : { KUBECONFIG: kubeconfig };
  const call = (args: readonly string[], options: RunOptions = {}) =>
    run(program, args, { ...options, env: { ...env, ...options.env } });
  return {
    run: call,
    async succeed(args, options) {
      const result = await call(args, options);
      if (result.exitCode === 0) return result.stdout;
      throw new HoldfastError({
        kind: 'internal',
        message: `helm ${args[0] ?? ''} failed: ${helmMessage(result)}`,
        object: `helm ${args.join(' ')}`,
      });
    },
    async version() {
      const text = await runToSuccess(program, ['version', '--short']);
      return text.trim().replace(/\+.*/, '');
    },
  };
}

/**
 * Checks that a path is a chart before anything expensive begins.
 *
 * @throws HoldfastError (badInput) when it is not there or has no Chart.yaml
 */
export async function assertChart(path: string): Promise<void> {
  if (!(await isThere(path))) {
    throw badInput('the chart does not exist', {
      object: path,
      hint: 'give the path of a chart folder or of a packaged chart (.tgz)',
    });
  }
  if (path.endsWith('.tgz') || (await isThere(join(path, 'Chart.yaml')))) return;
  throw badInput('this folder is not a chart: it has no Chart.yaml', {
    object: path,
    hint: 'generate one first: holdfast generate DIR',
  });
}
