import { Command, Option } from 'commander';
import { badInput } from '@holdfast/core';
import { examples, exits } from '../help.ts';
import { collect, collectPair, collectSecret, list, wholeNumber } from '../options.ts';
import { kindsHelp } from './kinds-help.ts';
import type { Surroundings } from './surroundings.ts';
import type { VerifyOptions } from './verify-options.ts';

/** Options for a cluster that is booted, which mean nothing on one that is there. */
const own = ['nodes', 'images', 'k3sImage', 'apiPort'];

/** These say how a driver's application is reached. */
function assertDriverOptions(options: VerifyOptions): void {
  const { driver, driverService, driverPort, driverSecret } = options;
  if (driver !== undefined) return;
  const given = [
    ...(driverService === undefined ? [] : [`--driver-service ${driverService}`]),
    ...(driverPort === undefined ? [] : [`--driver-port ${driverPort}`]),
    ...(driverSecret === undefined ? [] : ['--driver-secret']),
  ];
  const [first] = given;
  if (first !== undefined)
    throw badInput(`${first.split(' ')[0] ?? ''} needs --driver`, { object: first });
}

/** `holdfast verify` as a command line. */
export function verifyCommand({ done, stop }: Surroundings): Command {
  return new Command('verify')
    .description('prove on a real cluster that a chart keeps its identity and its data')
    .argument('<chart>', 'a chart folder, or a packaged chart (.tgz)')
    .option('-f, --values <file>', 'values for the chart; repeatable, the last one wins', collect)
    .option('--set <key=value>', 'one value for the chart; repeatable', collectPair)
    .option('--driver <dir>', 'folder with a driver.yaml: how the application’s data is reached')
    .option('--driver-service <name>', 'the Service that the driver’s scripts write through')
    .option('--driver-port <n>', 'its pods’ port', wholeNumber('--driver-port', 1, 65_535))
    .option(
      '--driver-secret <file=secret:key>',
      'a credential of the driver, by Secret and key; repeatable',
      collectSecret,
    )
    .option('--nodes <n>', 'nodes of the cluster', wholeNumber('--nodes', 1, 10), 3)
    .option('--rounds <n>', 'how often each disruption is done', wholeNumber('--rounds', 1, 100), 1)
    .option(
      '--disrupt <kinds>',
      'kinds of disruption, as in kill,node-stop (default: all that can be done)',
      list('--disrupt', 'kill,node-stop'),
    )
    .addOption(
      new Option('--mixed <n>', 'draw so many disruptions, instead of rounds')
        .argParser(wholeNumber('--mixed', 1, 1000))
        .conflicts('rounds'),
    )
    .option(
      '--seed <n>',
      'what --mixed draws by: the same again (default: another each time)',
      wholeNumber('--seed', 0, 0xffff_ffff),
    )
    .option('--only <ids>', 'checks by id or family, as in I,D2', list('--only', 'I,D2'))
    .option('--images <dir>', 'folder of image archives (docker save) for the nodes')
    .option('--k3s-image <image>', 'node image of the cluster, instead of a release of k3s')
    .option(
      '--client-image <image>',
      'image of the pod that asks from within: sh, nslookup, wget',
      'docker.io/library/busybox:1.37',
    )
    .option('--api-port <n>', 'port of the API server', wholeNumber('--api-port', 1, 65_535))
    .addOption(
      new Option('--kubeconfig <file>', 'prove on the cluster of this kubeconfig').conflicts(own),
    )
    .option('--context <name>', 'context of the kubeconfig, instead of its current one')
    .option('--release <name>', 'name of the Helm release (default: the chart’s name)')
    .option('--namespace <name>', 'namespace that is made for it (default: holdfast-CHART)')
    .option('--report <dir>', 'write report.json, junit.xml and what a failure is explained by')
    .option('--junit <file>', 'write the checks as JUnit XML')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      examples(
        'holdfast verify charts-out/web --driver examples/web/proof',
        'holdfast verify charts-out/web --set replicaCount=2 --only I,R1 --report holdfast-report',
        'holdfast verify charts-out/web --disrupt kill,node-stop --rounds 3',
        'holdfast verify charts-out/web --mixed 20 --seed 7',
        'holdfast verify their-app.tgz --driver ./proof --driver-secret password=their-app:password',
        'holdfast verify charts-out/web --kubeconfig ~/.kube/config --context kind-dev',
      ) +
        kindsHelp +
        exits,
    )
    .action(async (chart: string, options: VerifyOptions) => {
      if (options.context !== undefined && options.kubeconfig === undefined) {
        throw badInput('--context needs --kubeconfig', { object: `--context ${options.context}` });
      }
      assertDriverOptions(options);
      const { assertVerifyInput } = await import('./verify-options.ts');
      await assertVerifyInput(chart, options);
      const { verify } = await import('./verify.ts');
      done(await verify(chart, options, stop));
    });
}
