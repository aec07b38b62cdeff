import type { Helm } from '@holdfast/core';
import type { KubeClient } from '../kube/client.ts';
import { discovery } from '../kube/discovery.ts';
import { dryRun } from '../kube/dry-run.ts';
import { lintChart, type ReleaseSpec } from '../kube/release.ts';
import type { RenderedObject } from '../observe/manifests.ts';
import type { StepFinding } from '../observe/record.ts';

/** What `helm lint --strict` says, a finding a line. */
export async function lintFindings(helm: Helm, spec: ReleaseSpec): Promise<StepFinding[]> {
  const result = await lintChart(helm, spec);
  if (result.exitCode === 0) return [{ object: 'chart', ok: true, text: 'helm lint --strict' }];
  const lines = `${result.stdout}\n${result.stderr}`.split('\n').map((line) => line.trim());
  const said = lines.filter((line) => /^\[(ERROR|WARNING)\]/.test(line));
  const found = said.length > 0 ? said : [`helm lint exited with ${result.exitCode}`];
  return found.map((text) => ({ object: 'chart', ok: false, text }));
}

/** "GROUP/Kind" of an object, '' for the core group; the version does not matter. */
function kindOf({ apiVersion, kind }: RenderedObject): string {
  return `${apiVersion.includes('/') ? apiVersion.replace(/\/.*/, '') : ''}/${kind}`;
}

/** The kinds that the chart's own definitions bring, which the API server can't know yet. */
function ownKinds(objects: readonly RenderedObject[]): Set<string> {
  const definitions = objects.filter((object) => object.kind === 'CustomResourceDefinition');
  return new Set(
    definitions.map((object) => {
      const spec = object['spec'] as { group?: string; names?: { kind?: string } } | undefined;
      return `${spec?.group ?? ''}/${spec?.names?.kind ?? ''}`;
    }),
  );
}

/**
 * Has the API server judge every object of a chart without keeping any; a Pod Security warning
 * about a template counts like a refusal, since its pods would be refused.
 */
export async function dryRunFindings(
  client: KubeClient,
  namespace: string,
  objects: readonly RenderedObject[],
): Promise<StepFinding[]> {
  const discover = discovery(client);
  const own = ownKinds(objects);
  const findings: StepFinding[] = [];
  for (const object of objects) {
    const name = `${object.kind}/${object.metadata.name}`;
    if (own.has(kindOf(object))) {
      findings.push({ object: name, ok: true, text: 'of a kind that the chart brings itself' });
      continue;
    }
    const { refusal, warnings, elsewhere } = await dryRun(client, discover, object, namespace);
    const wrong = [...(refusal === undefined ? [] : [refusal]), ...warnings];
    const note = `it names the namespace ${elsewhere ?? ''}, and was judged in ${namespace}`;
    const said = wrong.length > 0 ? wrong : ['accepted'];
    const text = [...said, ...(elsewhere === undefined ? [] : [note])].join('; ');
    findings.push({ object: name, ok: wrong.length === 0, text });
  }
  return findings;
}
