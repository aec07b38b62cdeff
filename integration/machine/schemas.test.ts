import { expect } from 'chai';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findHelm, helmClient, run } from '@holdfast/core';
import { root } from '../holdfast.ts';
import { buildGoProgram } from '../testbed/go-program.ts';
import { readRecipes } from '../testbed/recipes.ts';
import { kubernetesSchemas } from './kubernetes-schemas.ts';

interface Summary {
  resources: { kind: string; name: string; status: string; msg: string }[] | null;
  summary: { valid: number; invalid: number; errors: number; skipped: number };
}

const charts = join(root, 'charts-out');

describe('rendered objects against the Kubernetes API (kubeconform)', () => {
  let kubeconform: string;
  let location: string;
  let helm: ReturnType<typeof helmClient>;

  before(async () => {
    const recipes = await readRecipes();
    const { signal } = new AbortController();
    const module = 'github.com/yannh/kubeconform/cmd/kubeconform';
    kubeconform = await buildGoProgram(module, 'v0.8.0', signal);
    location = await kubernetesSchemas(recipes.node.programs['kubernetes'] ?? '');
    helm = helmClient(await findHelm());
  });

  async function check(manifests: string): Promise<Summary> {
    const args = ['-strict', '-summary', '-output', 'json', '-schema-location', location, '-'];
    const result = await run(kubeconform, args, { input: manifests });
    return JSON.parse(result.stdout) as Summary;
  }

  it('every chart is valid with every value set', async () => {
    let rendered = 0;
    for (const chart of await readdir(charts)) {
      const folder = join(charts, chart);
      for (const set of await readdir(join(folder, 'ci'))) {
        const args = ['template', 'a', folder, '--values', join(folder, 'ci', set)];
        const { summary, resources } = await check(await helm.succeed(args));
        expect(resources ?? [], `${chart} with ${set}`).to.deep.equal([]);
        expect(summary.valid, `${chart} with ${set}`).to.be.greaterThan(3);
        expect(summary).to.include({ invalid: 0, errors: 0, skipped: 0 });
        rendered += 1;
      }
    }
    expect(rendered).to.be.greaterThan(4);
  });

  it('a key that the API does not know is rejected', async () => {
    const manifests = await helm.succeed(['template', 'a', join(charts, 'web')]);
    const { summary, resources } = await check(manifests.replace('serviceName:', 'servicename:'));
    expect(summary.invalid).to.equal(1);
    expect(resources?.[0]).to.include({ kind: 'StatefulSet', status: 'statusInvalid' });
    expect(resources?.[0]?.msg).to.include('servicename');
  });
});
