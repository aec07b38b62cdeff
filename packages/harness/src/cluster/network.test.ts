import type Docker from 'dockerode';
import { expect } from 'chai';
import { engineError } from './container.fixture.ts';
import { createNodeNetwork, nodeAddresses } from './network.ts';

interface Pool {
  Subnet: string;
  Gateway: string;
}

interface Asked {
  Name: string;
  Labels: Record<string, string>;
  IPAM?: { Config: Pool[] };
}

/** An engine that chooses one range after the other, of which others take some just then. */
function engine(taken: string[], chosen: (round: number) => Partial<Pool>[]) {
  const there: Asked[] = [];
  const asked: Asked[] = [];
  let round = 0;
  const createNetwork = (options: Asked) => {
    asked.push(options);
    const wished = options.IPAM?.Config;
    if (there.some(({ Name }) => Name === options.Name)) throw engineError(409, 'it exists');
    if (wished?.some(({ Subnet }) => taken.includes(Subnet))) {
      throw engineError(403, 'Pool overlaps with other one on this address space');
    }
    const Config = wished ?? chosen((round += 1));
    there.push(options);
    return {
      inspect: () => Promise.resolve({ IPAM: { Config } }),
      remove: () => {
        there.splice(there.indexOf(options), 1);
        return Promise.resolve();
      },
    };
  };
  const docker = { createNetwork: (o: Asked) => Promise.resolve().then(() => createNetwork(o)) };
  return { docker: docker as unknown as Docker, there, asked };
}

const ranges = (round: number) => [
  { Subnet: `172.${17 + round}.0.0/16`, Gateway: `172.${17 + round}.0.1` },
];
const named = { name: 'holdfast-x', labels: { of: 'x' } };

describe('the network of the nodes', () => {
  it('has the range that the engine chose, by name, and is alone', async () => {
    const { docker, there } = engine([], ranges);
    const network = await createNodeNetwork(docker, named, 3);
    expect(network).to.deep.equal({
      name: 'holdfast-x',
      subnet: '172.18.0.0/16',
      gateway: '172.18.0.1',
      addresses: ['172.18.0.2', '172.18.0.3', '172.18.0.4'],
    });
    expect(there).to.have.length(1);
    expect(there[0]).to.deep.include({ Name: 'holdfast-x', Labels: { of: 'x' } });
    expect(there[0]?.IPAM?.Config).to.deep.equal(ranges(1));
  });

  it('has another range when somebody was quicker', async () => {
    const { docker, there } = engine(['172.18.0.0/16', '172.19.0.0/16'], ranges);
    expect((await createNodeNetwork(docker, named, 1)).subnet).to.equal('172.20.0.0/16');
    expect(there).to.have.length(1);
  });

  it('is an error with the engine’s words when it can not be made', async () => {
    const all = Array.from({ length: 20 }, (_, round) => `172.${17 + round}.0.0/16`);
    const { docker, asked } = engine(all, ranges);
    const error = await createNodeNetwork(docker, named, 1).catch((thrown: unknown) => thrown);
    expect(error).to.have.property('kind', 'environment');
    expect(error).to.have.property('message').that.contains('Pool overlaps');
    expect(asked.length).to.be.lessThan(20);
    const without = engine([], () => [{ Subnet: 'fd00::/64' }]);
    const other = await createNodeNetwork(without.docker, named, 1).catch((e: unknown) => e);
    expect(other).to.have.property('message').that.contains('no IPv4 addresses');
  });

  it('has addresses beside the gateway’s, as far as they go', () => {
    expect(nodeAddresses('10.0.0.252/30', '10.0.0.254', 1)).to.deep.equal(['10.0.0.253']);
    expect(nodeAddresses('192.168.255.0/24', '192.168.255.1', 2)).to.deep.equal([
      '192.168.255.2',
      '192.168.255.3',
    ]);
    const many = nodeAddresses('172.18.0.0/16', '172.18.0.1', 300);
    expect(many.at(-1)).to.equal('172.18.1.45');
    expect(new Set(many).size).to.equal(300);
    expect(() => nodeAddresses('10.0.0.252/30', '10.0.0.253', 2)).to.throw('no room for 2');
  });
});
