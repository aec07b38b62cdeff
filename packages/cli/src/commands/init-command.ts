import { Command } from 'commander';
import { examples, exits } from '../help.ts';
import { collect } from '../options.ts';
import type { InitOptions } from '../init/flags.ts';
import type { Surroundings } from './surroundings.ts';

const whatIsAsked = `
On a terminal it asks for what no option says. Elsewhere, and with --yes, it takes the defaults; the image
and, where the image has no tag, the version must then be given.
`;

/** `holdfast init` as a command line. */
export function initCommand({ done, stop }: Surroundings): Command {
  return new Command('init')
    .description('begin the definition of an application of yours: an app.yaml')
    .argument('<dir>', 'folder that the app.yaml is written into; one that is there is kept')
    .option('--name <name>', 'name of the application and its chart (default: the folder’s)')
    .option('--description <text>', 'one line for the chart and its README')
    .option('--image <image>', 'image that the pods run: [REGISTRY/]REPOSITORY[:TAG]')
    .option('--app-version <version>', 'version of the application (default: the image’s tag)')
    .option('--workload <kind>', 'StatefulSet, or another kind that app.yaml takes')
    .option('--replicas <n>', 'number of replicas (default: 1)')
    .option('--port <name=number>', 'a port: NAME=NUMBER[/UDP]; repeatable', collect)
    .option('--volume <name=path:size>', 'a volume that keeps its content; repeatable', collect)
    .option('--user <uid>', 'numeric user that the image runs as, not root (default: 1001)')
    .option('--ready <probe>', 'tcp:PORT or http:PORT/PATH (default: tcp and the first port)')
    .option('-y, --yes', 'ask nothing')
    .option('--json', 'print what was written as JSON; asks nothing')
    .addHelpText(
      'after',
      whatIsAsked +
        examples(
          'holdfast init my-app            asks, and writes my-app/app.yaml',
          'holdfast init web --image my-org/my-web:1.4.2 --user 101 --replicas 3 \\',
          '  --port http=8080 --volume www=/srv/www:1Gi --yes',
        ) +
        exits,
    )
    .action(async (dir: string, options: InitOptions) => {
      const { init } = await import('./init.ts');
      done(await init(dir, options, stop));
    });
}
