/**
 * Runs dockerd until standard input ends, which the kernel sees to however the command that started
 * it dies; then removes what Holdfast left in it, stops it, and takes back the routes.
 *
 * Arguments: the daemon's configuration file, its log file.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import Docker from 'dockerode';
import { removeSession } from '@holdfast/harness';

/** The cluster's pod and Service ranges: a packet that escapes a node must not leave the machine. */
const clusterRanges = '10.42.0.0/15';
/** With a mark of its own: a route that a killed keeper left is found again, any other one stays. */
const route = ['blackhole', clusterRanges, 'proto', '222'];

/** An engine that does not stop within this time is killed. */
const stopLimitMs = 30_000;

const [configuration, log] = process.argv.slice(2);
if (configuration === undefined || log === undefined) {
  process.stderr.write('usage: engine-keeper CONFIGURATION LOG\n');
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

const output = openSync(log, 'w');
const daemon = spawn('dockerd', ['--config-file', configuration], {
  stdio: ['ignore', output, output],
});
const exited = once(daemon, 'exit');
daemon.on('error', () => process.exit(1));
spawnSync('ip', ['route', 'del', ...route]);
spawnSync('ip', ['route', 'add', ...route]);

await Promise.race([text(process.stdin).catch(() => ''), exited]);
if (daemon.exitCode === null) {
  await removeSession(new Docker({ timeout: 15_000 })).catch(() => {});
  daemon.kill('SIGTERM');
  const last = setTimeout(() => daemon.kill('SIGKILL'), stopLimitMs);
  await exited;
  clearTimeout(last);
}
spawnSync('ip', ['route', 'del', ...route]);
process.exit(0);
