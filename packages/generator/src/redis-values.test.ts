import { expect } from 'chai';
import { join } from 'node:path';
import type { Data } from './rules/data.fixture.ts';
import { generated, root } from './rules/chart.fixture.ts';
import { ofKind } from './rules/objects.fixture.ts';
import { render } from './rules/render.fixture.ts';

const chart = generated('redis', 'redis', () => Promise.resolve(join(root, 'templates', 'redis')));

/** Files of the configuration that these values make. */
async function configuration(values: Data): Promise<Data> {
  const { objects } = await render(chart, { values });
  const maps = ofKind(objects, 'ConfigMap');
  return maps.find(({ metadata }) => metadata.name === 'x-redis-configuration')?.data ?? {};
}

describe('settings of Redis', function () {
  this.timeout(60_000);

  it('leave data 60 % of the memory, in whatever way Kubernetes writes it', async () => {
    const limits: [number | string, number | string][] = [
      [536870912, 322122547],
      ['512Mi', 322122547],
      ['.5Gi', 322122547],
      ['500e6', 300000000],
      ['1E9', 600000000],
      ['5e+08', 300000000],
      ['128974848000m', 77384908],
      ['2Pi', 1351079888211148],
      ['1E', '600000000000000000'],
      ['1Ei', '691752902764108160'],
      // Less than a byte is still no memory without end.
      ['100m', 1],
      ['0', 0],
    ];
    for (const [memory, bytes] of limits) {
      const { 'settings.conf': text } = await configuration({ resources: { limits: { memory } } });
      expect(text, String(memory)).to.match(new RegExp(`^maxmemory ${bytes}$`, 'm'));
    }
    const { 'settings.conf': none } = await configuration({ resources: { limits: null } });
    expect(none).to.match(/^maxmemory 0$/m);
  });

  it('take memory for data as Redis writes it, up to the limit', async () => {
    for (const maxmemory of ['0', '010mb', '512MB', '536870912', '536870k', '524288kb']) {
      const { 'settings.conf': text } = await configuration({ maxmemory });
      expect(text, maxmemory).to.match(new RegExp(`^maxmemory ${maxmemory}$`, 'm'));
    }
    const unlimited = { maxmemory: '5g', resources: { limits: null } };
    expect((await configuration(unlimited))['settings.conf']).to.match(/^maxmemory 5g$/m);
  });

  it('take from users, with a command, what would give it back, after all that their rules say', async () => {
    const users = [{ name: 'shop', rules: '~shop:* +@all' }];
    const lines = async (values: Data) => String((await configuration(values))['users']).trim();
    expect(await lines({ disableCommands: ['flushall', 'config|set'], auth: { users } })).to.equal(
      'default ~* &* +@all -flushall -config|set -acl|setuser\n' +
        'shop ~shop:* +@all -flushall -config|set -acl|setuser',
    );
    expect(await lines({ auth: { users } })).to.equal('default ~* &* +@all\nshop ~shop:* +@all');
  });

  it('may stand in files of the installation’s own that use the values', async () => {
    const files = await configuration({
      configuration: {
        'redis.conf': 'include /etc/redis/settings.conf\n',
        'settings.conf': 'maxclients {{ .Values.maxclients }}\n',
        users: '{{ include "redis.users" . }}\n',
      },
      maxclients: 5,
      disableCommands: ['flushall'],
    });
    expect(files['settings.conf']).to.equal('maxclients 5\n');
    expect(files['users']).to.equal('default ~* &* +@all -flushall -acl|setuser\n');
  });
});
