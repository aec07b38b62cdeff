import { Command, CommanderError, Option } from 'commander';
import { badInput, exitCode, type HoldfastError } from '@holdfast/core';
import type { GenerateOptions } from './commands/generate.ts';
import type { VerifyOptions } from './commands/verify-options.ts';
import { collect, collectPair, list, wholeNumber } from './options.ts';
import type { Stop } from './signals.ts';
import { version } from './version.ts';

const examples = (...lines: string[]) => `\nExamples:\n${lines.map((l) => `  ${l}`).join('\n')}\n`;

const exits = `
Exit code: 0 all is well, 1 something was found wrong, 2 the input is bad, 3 there is no verdict,
because the environment lacks something (the message says what to do).
`;

function generateCommand(done: (code: number) => void, stop: Stop): Command {
  return new Command('generate')
    .description('generate the Helm charts of applications')
    .argument('<dir...>', 'folders that each hold an app.yaml')
    .option('-o, --output <dir>', 'folder that the charts are written into', 'charts-out')
    .option('--check', 'write nothing; exit with 1 when a chart is not as it is generated')
    .option('--json', 'print what was done as JSON')
    .addHelpText(
      'after',
      examples(
        'holdfast generate examples/web            writes charts-out/web',
        'holdfast generate examples/web --check    for CI: is charts-out/web up to date?',
      ),
    )
    .action(async (dirs: string[], options: GenerateOptions) => {
      const { generate } = await import('./commands/generate.ts');
      done(await generate(dirs, options, stop));
    });
}

/** Options for a cluster that is booted, which mean nothing on one that is there. */
const own = ['nodes', 'images', 'k3sImage', 'apiPort'];

function verifyCommand(done: (code: number) => void, stop: Stop): Command {
  return new Command('verify')
    .description('prove on a real cluster that a chart keeps its identity and its data')
    .argument('<chart>', 'a chart folder, or a packaged chart (.tgz)')
    .option('-f, --values <file>', 'values for the chart; repeatable, the last one wins', collect)
    .option('--set <key=value>', 'one value for the chart; repeatable', collectPair)
    .option('--driver <dir>', 'folder with a driver.yaml: how the application’s data is reached')
    .option('--nodes <n>', 'nodes of the cluster', wholeNumber('--nodes', 1, 10), 3)
    .option('--rounds <n>', 'how often all is disrupted', wholeNumber('--rounds', 1, 100), 1)
    .option('--only <ids>', 'checks by id or family, as in I,D2', list('--only'))
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
        'holdfast verify charts-out/web --kubeconfig ~/.kube/config --context kind-dev',
      ) + exits,
    )
    .action(async (chart: string, options: VerifyOptions) => {
      if (options.context !== undefined && options.kubeconfig === undefined) {
        throw badInput('--context needs --kubeconfig', { object: `--context ${options.context}` });
      }
      const { assertVerifyInput } = await import('./commands/verify-options.ts');
      await assertVerifyInput(chart, options);
      const { verify } = await import('./commands/verify.ts');
      done(await verify(chart, options, stop));
    });
}

function buildProgram(done: (code: number) => void, stop: Stop): Command {
  const program = new Command('holdfast')
    .description(
      'Generate Helm charts for stateful applications; prove, on a real cluster, that they keep their identity and their data.',
    )
    .version(version)
    .addHelpText(
      'after',
      examples(
        'holdfast generate examples/web',
        'holdfast verify charts-out/web --driver examples/web/proof',
      ) + exits,
    );
  for (const command of [generateCommand(done, stop), verifyCommand(done, stop)]) {
    program.addCommand(command);
  }
  // Whatever they complain about is printed in one place.
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ outputError: () => {} });
  }
  return program;
}

/** Commander's complaint about the arguments, in our words. */
function usageError(error: CommanderError, command: string | undefined): HoldfastError {
  const [message = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const help = `holdfast ${command === undefined ? '' : `${command} `}--help`;
  const hint = suggestion?.replace(/^\((.*)\)$/, '$1') ?? `see ${help}`;
  return badInput(message, { hint });
}

/**
 * Runs the command that the arguments name.
 *
 * @param args without the program's name
 * @returns what the process exits with
 * @throws HoldfastError (badInput) for arguments that are wrong, and what the commands throw
 */
export async function runProgram(args: readonly string[], stop: Stop): Promise<number> {
  let code: number = exitCode.ok;
  const program = buildProgram((result) => {
    code = result;
  }, stop);
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Without a command, help went to standard error.
    if (error.code === 'commander.help') return exitCode.badInput;
    if (error.exitCode === 0) return exitCode.ok;
    const named = program.commands.find((command) => command.name() === args[0]);
    throw usageError(error, named?.name());
  }
}
