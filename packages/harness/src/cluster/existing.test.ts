import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { existingCluster } from './existing.ts';

const file = fileURLToPath(import.meta.url);

describe('existingCluster', () => {
  it('is the file and the context that were given, and nothing of it is ours', async () => {
    const cluster = await existingCluster(file, 'dev');
    expect(cluster).to.deep.include({
      kubeconfigPath: file,
      context: 'dev',
      facts: { kind: 'existing cluster', nodes: [] },
    });
    await cluster.provideImages(['nginx']);
    await cluster[Symbol.asyncDispose]();
  });

  it('has the current context where none is named', async () => {
    expect(await existingCluster(file)).not.to.have.property('context');
  });

  it('refuses a file that is not there', async () => {
    const error: unknown = await existingCluster('/nonexistent/config').catch((e: unknown) => e);
    expect(error).to.include({ kind: 'badInput', object: '--kubeconfig /nonexistent/config' });
  });
});
