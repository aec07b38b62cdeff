import { expect } from 'chai';
import { parseManifests } from './manifests.ts';
import { isSameRendering } from './same-rendering.ts';

interface Parts {
  password?: string;
  config?: string;
  checksum?: string;
  volume?: string;
  replicas?: string;
  name?: string;
}

/** A chart whose password, configuration in a Secret and checksum may be others each time. */
function rendered({
  password = 'aaaa1111',
  config = 'save 60',
  checksum = '1',
  volume = 'persistentVolumeClaim: { claimName: web }',
  replicas = '1',
  name = 'web',
}: Parts = {}) {
  const text = `requirepass ${password}\n${config}\n`;
  return parseManifests(`
apiVersion: v1
kind: Secret
metadata: { name: ${name} }
data:
  password: ${Buffer.from(password).toString('base64')}
  web.conf: ${Buffer.from(text).toString('base64')}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: web }
spec:
  replicas: ${replicas}
  template:
    metadata: { annotations: { checksum/secret: "${checksum}" } }
    spec: { volumes: [{ name: data, ${volume} }] }
`);
}

const other = { password: 'Kb-9x/7', checksum: '2' };
const third = { password: 'aab2222', checksum: '3' };

describe('isSameRendering', () => {
  it('sees where other values change nothing', () => {
    expect(isSameRendering(rendered(), rendered(), rendered())).to.equal(true);
  });

  it('takes what varies by itself for no change', () => {
    expect(isSameRendering(rendered(), rendered(other), rendered(third))).to.equal(true);
  });

  it('sees a change beside what varies, also in the same text', () => {
    for (const change of [
      { volume: 'emptyDir: {}' },
      { volume: 'persistentVolumeClaim: {}' },
      { config: 'save ""' },
      { config: 'save' },
      { replicas: '"1"' },
    ]) {
      const changed = rendered({ ...third, ...change });
      expect(isSameRendering(rendered(), rendered(other), changed)).to.equal(false);
      expect(isSameRendering(rendered(), rendered(), rendered(change))).to.equal(false);
    }
  });

  it('sees a change beside what varies in the same address or path', () => {
    const judge = (...configs: string[]) => {
      const [given = [], again = [], changed = []] = configs.map((config) => rendered({ config }));
      return isSameRendering(given, again, changed);
    };
    for (const text of ['redis://:R@H:1', 'amqp://R@H/v', 'H/R', 'R/H', 'a:R:H', 'R@H']) {
      const config = (random: string, host: string) => text.replace('R', random).replace('H', host);
      const [first, again] = [config('aaa', 'in'), config('bbb', 'in')];
      expect(judge(first, again, config('ccc', 'in')), text).to.equal(true);
      expect(judge(first, again, config('ccc', 'out')), text).to.equal(false);
      expect(judge(first, again, config('ccc', 'in/out')), text).to.equal(false);
    }
    expect(judge('key a/b/c', 'key dd', 'key e/f')).to.equal(true);
  });

  it('sees objects that are more or fewer', () => {
    expect(isSameRendering(rendered(), rendered(), rendered().slice(0, 1))).to.equal(false);
    expect(isSameRendering(rendered(), rendered(), [...rendered(), ...rendered()])).to.equal(false);
  });

  it('is not sure where the chart renders the same in one case only, or other objects each time', () => {
    expect(isSameRendering(rendered(), rendered(), rendered(other))).to.equal(false);
    const names = ['web-x1', 'web-x2', 'web-x3'].map((name) => rendered({ name }));
    expect(isSameRendering(names[0] ?? [], names[1] ?? [], names[2] ?? [])).to.equal(false);
  });
});
