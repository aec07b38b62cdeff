import { expect } from 'chai';
import { world } from './acts/world.fixture.ts';
import { goodRecord } from './checks/record.fixture.ts';
import type { LedgerOverrides } from './ledger/start-ledgers.ts';
import { parseDriver } from './observe/driver.ts';
import { parseManifests } from './observe/manifests.ts';
import { performActs } from './perform-acts.ts';
import type { Proof } from './prepare.ts';

const driver = parseDriver(
  `
apiVersion: holdfast.dev/v1
kind: Driver
port: 80
ledger: { write: write.sh, read: read.sh }
outside: [external.host=$HOST]
`,
  'driver.yaml',
);

/** Two Services lead to port 80, and one to port 90. */
const chart = `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: web }
spec:
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, ports: [{ containerPort: 80 }] }] }
${['web:80', 'web-read:80', 'web-admin:90']
  .map((entry) => entry.split(':'))
  .map(
    ([name, port]) => `---
apiVersion: v1
kind: Service
metadata: { name: ${name ?? ''} }
spec: { selector: { app: web }, ports: [{ port: ${port ?? ''} }] }
`,
  )
  .join('')}`;

/** What Helm was asked to render, and what came of the move outside, with a Service or port of the user's. */
async function moved(reach?: LedgerOverrides) {
  const templates: string[] = [];
  const { stage } = world({}, (args) => {
    if (args[0] === 'template') templates.push(args.join(' '));
    return { stdout: chart };
  });
  const record = { ...goodRecord(), acts: {} };
  const { spec, helm } = stage;
  const objects = parseManifests(chart);
  const options = { helm, onEvent: () => {}, ...(reach === undefined ? {} : { reach }) };
  const proof = { options, spec, objects, record } as unknown as Proof;
  const scene = { ...stage.scene, driver: { ...driver, scripts: {} } };
  await performActs(proof, scene, [], new Set(['outside'] as const), (_, work) => work());
  return { templates: templates.join('\n'), acts: record.acts };
}

describe('performActs', () => {
  it('leads outside to the Service, or by the port, of the command line', async () => {
    const host = (service: string) =>
      new RegExp(`external\\.host=${service}\\.ns-outside-[0-9a-f]{4}\\.svc\\.cluster\\.local`);
    expect((await moved({ service: 'web-read' })).templates).to.match(host('web-read'));
    expect((await moved({ port: 90 })).templates).to.match(host('web-admin'));
  });

  it('goes on where the Service can’t be told', async () => {
    const { acts } = await moved();
    expect(acts).to.have.nested.property('external.state', 'skipped');
    expect(acts).to.have.nested.property('external.reason').that.contains('--driver-service');
  });
});
