import { spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { cutOffScript, reconnectScript } from './cut-off.ts';

/** Keeps chains and rules in a file, and refuses what iptables refuses. */
const fakeIptables = `#!/bin/sh
[ "$1 $2 $3 $4" = '-w 5 -t mangle' ] || exit 2
shift 4
op=$1
shift
chain=\${1:-}
put() { cat >"$RULES.new" && mv "$RULES.new" "$RULES"; }
case "$op" in
  -N) ! grep -qx -e "-N $chain" "$RULES" && echo "-N $chain" >>"$RULES" ;;
  -F) grep -qx -e "-N $chain" "$RULES" || exit 1
    grep -v -e "^-A $chain " "$RULES" | put ;;
  -X) grep -qx -e "-N $chain" "$RULES" && ! grep -q -e "^-A $chain " -e "-j $chain$" "$RULES" || exit 1
    grep -vx -e "-N $chain" "$RULES" | put ;;
  -A) echo "-A $*" >>"$RULES" ;;
  -I) { echo "-A $*" && cat "$RULES"; } | put ;;
  -C) grep -qxF -e "-A $*" "$RULES" ;;
  -D) grep -qxF -e "-A $*" "$RULES" || exit 1
    grep -vxF -e "-A $*" "$RULES" | put ;;
  -S) cat "$RULES" ;;
  *) exit 2 ;;
esac
`;

const agent = { address: '172.18.0.3', subnet: '172.18.0.0/16', gateway: '172.18.0.1' };
const server = { ...agent, address: '172.18.0.2', published: 6443 };

const links = ['-A PREROUTING -i eth+ -j HOLDFAST-IN', '-A POSTROUTING -o eth+ -j HOLDFAST-OUT'];

describe('the scripts that cut a node off and reconnect it', () => {
  let folder: string;
  let rules: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-cut-off-'));
    rules = join(folder, 'rules');
    await writeFile(rules, '');
    await writeFile(join(folder, 'iptables'), fakeIptables);
    await chmod(join(folder, 'iptables'), 0o755);
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs a script and answers its exit code and what rules there are then. */
  async function after(script: string): Promise<{ status: number | null; lines: string[] }> {
    const env = { RULES: rules, PATH: `${folder}:/usr/bin:/bin` };
    const { status, stderr } = spawnSync('sh', ['-c', script], { env, encoding: 'utf8' });
    const text = await readFile(rules, 'utf8');
    return {
      status,
      lines: [...text.trim().split('\n').filter(Boolean), ...(stderr ? [stderr] : [])],
    };
  }

  const inChain = (lines: string[], chain: string) =>
    lines
      .filter((line) => line.startsWith(`-A ${chain} `))
      .map((line) => line.split(`${chain} `)[1]);

  it('drop everything that passes an interface to the outside', async () => {
    const { status, lines } = await after(cutOffScript(agent));
    expect(status).to.equal(0);
    expect(lines).to.include.members(links);
    expect(inChain(lines, 'HOLDFAST-IN')).to.deep.equal(['-j DROP']);
    expect(inChain(lines, 'HOLDFAST-OUT')).to.deep.equal(['-j DROP']);
  });

  it('leave a published port open to all but those on the nodes’ network', async () => {
    const { lines } = await after(cutOffScript(server));
    expect(inChain(lines, 'HOLDFAST-IN')).to.deep.equal([
      '-s 172.18.0.1 -d 172.18.0.2 -p tcp --dport 6443 -j RETURN',
      '-s 172.18.0.0/16 -j DROP',
      '-d 172.18.0.2 -p tcp --dport 6443 -j RETURN',
      '-j DROP',
    ]);
    expect(inChain(lines, 'HOLDFAST-OUT')).to.deep.equal([
      '-d 172.18.0.1 -s 172.18.0.2 -p tcp --sport 6443 -j RETURN',
      '-d 172.18.0.0/16 -j DROP',
      '-s 172.18.0.2 -p tcp --sport 6443 -j RETURN',
      '-j DROP',
    ]);
  });

  it('come before rules of others, and end where those stay', async () => {
    await writeFile(rules, '-N KUBE-X\n-A PREROUTING -j KUBE-X\n');
    const cut = await after(cutOffScript(server));
    expect(cut.lines[1]).to.equal(links[0]);
    const { status, lines } = await after(reconnectScript());
    expect(status).to.equal(0);
    expect(lines).to.deep.equal(['-N KUBE-X', '-A PREROUTING -j KUBE-X']);
  });

  it('do the same twice as once', async () => {
    const once = await after(cutOffScript(server));
    const twice = await after(cutOffScript(server));
    expect(twice.status).to.equal(0);
    expect(twice.lines.toSorted()).to.deep.equal(once.lines.toSorted());
    await after(reconnectScript());
    expect(await after(reconnectScript())).to.deep.equal({ status: 0, lines: [] });
  });

  it('fail where something is left, and where there is no iptables', async () => {
    await after(cutOffScript(agent));
    await writeFile(rules, '-A FORWARD -j HOLDFAST-IN\n', { flag: 'a' });
    const left = await after(reconnectScript());
    expect(left.status).to.equal(1);
    expect(left.lines.at(-1)).to.match(/^still cut off/);
    await rm(join(folder, 'iptables'));
    for (const script of [cutOffScript(agent), reconnectScript()]) {
      const hidden = script.replace(/^PATH=.*$/m, `PATH=${folder}`);
      expect(hidden).not.to.equal(script);
      expect((await after(hidden)).status).not.to.equal(0);
    }
  });
});
