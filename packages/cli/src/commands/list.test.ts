import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { holdfast, stillRunning } from '../holdfast.fixture.ts';

const templates = fileURLToPath(new URL('../../../../templates', import.meta.url));

interface Listed {
  applications: { name: string; description: string; appVersion: string }[];
  features: { name: string; description: string }[];
}

describe('holdfast list', () => {
  after(() => {
    expect(stillRunning()).to.equal(0);
  });

  it('tells of every application and every feature, in aligned columns without colours', async () => {
    const json = await holdfast(['list', '--json']);
    expect(json).to.include({ code: 0, stderr: '' });
    const { applications, features } = JSON.parse(json.stdout) as Listed;
    const folders = (await readdir(templates)).filter((name) => name !== '_shared');
    expect(applications.map(({ name }) => name)).to.have.members(folders);

    const plain = await holdfast(['list'], { env: { NO_COLOR: undefined } });
    expect(plain).to.include({ code: 0, stderr: '' });
    expect(plain.stdout).not.to.contain('\x1b');
    const lines = plain.stdout.split('\n');
    const begins = features.map(({ name, description }) => {
      const line = lines.find((text) => text.startsWith(`  ${name} `));
      return line?.indexOf(description);
    });
    expect(new Set(begins)).to.have.property('size', 1);
    expect(begins[0]).to.be.greaterThan(2);
    for (const { name, appVersion, description } of applications) {
      const line = lines.find((text) => text.startsWith(`  ${name} `));
      expect(line).to.contain(appVersion).and.to.contain(description);
    }
  });

  it('takes no argument', async () => {
    const { code, stderr } = await holdfast(['list', 'web']);
    expect(code).to.equal(2);
    expect(stderr).to.match(/^error: too many arguments/);
  });
});
