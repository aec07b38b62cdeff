import { Command } from 'commander';
import { examples, exits } from '../help.ts';
import type { ListOptions } from './list.ts';
import type { Surroundings } from './surroundings.ts';

/** `holdfast list` as a command line. */
export function listCommand({ done }: Surroundings): Command {
  return new Command('list')
    .description('list the applications that come with Holdfast, and the features of charts')
    .option('--json', 'print both as JSON')
    .addHelpText(
      'after',
      examples(
        'holdfast list            what "holdfast generate NAME" knows, and what --without leaves out',
        'holdfast list --json     the same for programs; a folder such as examples/web needs no name',
      ) + exits,
    )
    .action(async (options: ListOptions) => {
      const { list } = await import('./list.ts');
      done(await list(options));
    });
}
