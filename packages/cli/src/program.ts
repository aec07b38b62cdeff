import { Command, CommanderError } from 'commander';
import { badInput, exitCode, type HoldfastError } from '@holdfast/core';
import { generateCommand } from './commands/generate-command.ts';
import { initCommand } from './commands/init-command.ts';
import { listCommand } from './commands/list-command.ts';
import type { Surroundings } from './commands/surroundings.ts';
import { verifyCommand } from './commands/verify-command.ts';
import { examples, exits } from './help.ts';
import type { Stop } from './signals.ts';
import { version } from './version.ts';

const commands = [listCommand, initCommand, generateCommand, verifyCommand];

function buildProgram(surroundings: Surroundings): Command {
  const program = new Command('holdfast')
    .description(
      'Generate Helm charts for stateful applications; prove, on a real cluster, that they keep their identity and their data.',
    )
    .version(version)
    .addHelpText(
      'after',
      examples(
        'holdfast list',
        'holdfast init my-app',
        'holdfast generate examples/web',
        'holdfast verify charts-out/web --driver examples/web/proof',
      ) + exits,
    );
  for (const command of commands) program.addCommand(command(surroundings));
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
  const done = (result: number) => {
    code = result;
  };
  const program = buildProgram({ done, stop });
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
